import { GraphQLError, type ValidationRule } from 'graphql';

// graphql-js finds only while executing that a schema has no such operations, and says it without a code.
const operationTypeRule: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return;
    const message = `The schema has no ${node.operation}s.`;
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});

// The one name that a JavaScript object cannot hold as a key like any other: it would be answered by some of
// our executors and lost by others.
const aliasRule: ValidationRule = (context) => ({
  Field(node) {
    if (node.alias?.value !== '__proto__') return;
    const message = 'A field cannot be answered as __proto__.';
    context.reportError(new GraphQLError(message, { nodes: node.alias }));
  },
});

/** What a document must keep besides the rules of the specification. */
export const requestRules: readonly ValidationRule[] = [operationTypeRule, aliasRule];
