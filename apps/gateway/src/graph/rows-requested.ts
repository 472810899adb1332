import {
  getNamedType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { createSelectedFields } from './selected-fields.ts';

type Variables = Record<string, unknown>;
type Lists = { count: (variables: Variables) => number; nested: Lists }[];

// What libs/graphql's pageArgs takes when the SDL names no default.
const firstDefault = 20;

export type RowsRequested = ReturnType<typeof createRowsRequested>;

/**
 * How many rows an operation asks for: `first` of every list, multiplied down the tree. Cost rules of
 * validation see only literals; a `first: $n` passes them with any number, so this runs with the
 * variables. The shape is worked out once per document and kept as long as the document is cached.
 */
export function createRowsRequested(schema: GraphQLSchema) {
  const shapes = new WeakMap<OperationDefinitionNode, Lists>();
  return (document: DocumentNode, operation: OperationDefinitionNode, variables: Variables) => {
    let lists = shapes.get(operation);
    if (!lists) {
      lists = listsOfOperation(schema, document, operation);
      shapes.set(operation, lists);
    }
    return rowsOf(lists, variables);
  };
}

function rowsOf(lists: Lists, variables: Variables): number {
  let rows = 0;
  for (const { count, nested } of lists) rows += count(variables) * (1 + rowsOf(nested, variables));
  return rows;
}

function listsOfOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Lists {
  const fieldsOf = createSelectedFields(schema, document);
  const defaults = new Map(
    operation.variableDefinitions?.map((one) => [one.variable.name.value, one.defaultValue]),
  );
  const listsIn = (set: SelectionSetNode, type: GraphQLNamedType | null | undefined): Lists =>
    fieldsOf(set, type).flatMap(({ node, definition }): Lists => {
      if (!definition || !node.selectionSet) return [];
      const nested = listsIn(node.selectionSet, getNamedType(definition.type));
      const first = definition.args.find((one) => one.name === 'first');
      return first ? [{ count: countOf(node, first, defaults), nested }] : nested;
    });
  return listsIn(operation.selectionSet, schema.getRootType(operation.operation));
}

function countOf(
  node: FieldNode,
  first: GraphQLArgument,
  defaults: Map<string, ValueNode | undefined>,
): (variables: Variables) => number {
  const given = node.arguments?.find((one) => one.name.value === 'first')?.value;
  const fallback = typeof first.defaultValue === 'number' ? first.defaultValue : firstDefault;
  if (given?.kind !== Kind.VARIABLE) {
    const count = given?.kind === Kind.INT ? Number(given.value) : fallback;
    return () => count;
  }
  const name = given.name.value;
  const ownDefault = defaults.get(name);
  const missing = ownDefault?.kind === Kind.INT ? Number(ownDefault.value) : fallback;
  return (variables) => {
    const value = variables[name];
    return typeof value === 'number' && value > 0 ? value : missing;
  };
}
