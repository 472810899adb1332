import { hash } from 'node:crypto';
import { requestRules } from '@onecount/graphql';
import {
  GraphQLError,
  Kind,
  parse,
  print,
  specifiedRules,
  validate,
  visit,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type Source,
} from 'graphql';
import { clientLimitRules, clientLimits } from '../../apps/gateway/src/graph/query-limits.ts';

type ListedOperation = { id: string; name: string; type: string; body: string };
export type Manifest = {
  format: 'apollo-persisted-query-manifest';
  version: 1;
  operations: ListedOperation[];
};
type Made = { manifest: Manifest; problems: GraphQLError[] };
type Definitions = {
  operations: Map<string, OperationDefinitionNode>;
  fragments: Map<string, FragmentDefinitionNode>;
};

/**
 * The manifest of every operation in these texts, each with the fragments that it uses, wherever those stand. Names
 * are one space over all texts, as they are for Apollo's generator; a definition may be repeated as it is.
 */
export function manifestOf(
  sources: readonly Source[],
  schema: GraphQLSchema,
  { hasTypenames = false }: { hasTypenames?: boolean } = {},
): Made {
  const problems: GraphQLError[] = [];
  const found = definitionsIn(sources, problems);
  const operations = [...found.operations.values()].map((operation) => {
    const document = documentOf(operation, found.fragments);
    const rules = [...specifiedRules, ...requestRules, ...clientLimitRules];
    problems.push(...validate(schema, document, rules));
    return listed(operation, hasTypenames ? withTypenames(document) : document);
  });
  operations.sort((one, other) => (one.name < other.name ? -1 : 1));
  const manifest: Manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations };
  // A fragment is validated with each operation that uses it.
  const told = new Map(problems.map((problem) => [String(problem), problem]));
  return { manifest, problems: [...told.values()] };
}

function definitionsIn(sources: readonly Source[], problems: GraphQLError[]): Definitions {
  const found: Definitions = { operations: new Map(), fragments: new Map() };
  for (const definition of sources.flatMap((source) => parsed(source, problems))) {
    const problem =
      definition.kind === Kind.OPERATION_DEFINITION
        ? added(found.operations, definition)
        : definition.kind === Kind.FRAGMENT_DEFINITION
          ? added(found.fragments, definition)
          : 'Only operations and fragments can be listed.';
    if (problem) problems.push(new GraphQLError(problem, { nodes: definition }));
  }
  return found;
}

function parsed(source: Source, problems: GraphQLError[]): readonly DefinitionNode[] {
  try {
    return parse(source, { maxTokens: clientLimits.tokensMax }).definitions;
  } catch (err) {
    problems.push(err as GraphQLError);
    return [];
  }
}

function added<T extends OperationDefinitionNode | FragmentDefinitionNode>(
  to: Map<string, T>,
  definition: T,
): string | undefined {
  const name = definition.name?.value;
  if (name === undefined) return 'An operation needs a name to be listed.';
  const other = to.get(name);
  if (other && print(other) !== print(definition))
    return `Another definition is named ${name} too.`;
  to.set(name, definition);
  return undefined;
}

function documentOf(
  operation: OperationDefinitionNode,
  fragments: Definitions['fragments'],
): DocumentNode {
  const used = new Set<FragmentDefinitionNode>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (!fragment || used.has(fragment)) return;
        used.add(fragment);
        collect(fragment);
      },
    });
  };
  collect(operation);
  return { kind: Kind.DOCUMENT, definitions: [operation, ...used] };
}

function listed(
  { name, operation }: OperationDefinitionNode,
  document: DocumentNode,
): ListedOperation {
  const body = print(document);
  return { id: hash('sha256', body), name: name!.value, type: operation, body };
}

/** As the normalised caches of Apollo Client and urql ask: in every selection but an operation's own. */
function withTypenames(document: DocumentNode): DocumentNode {
  const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;
  return visit(document, {
    SelectionSet(node, _key, parent) {
      const isRoot = parent && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION;
      const hasOne = node.selections.some(
        (one) => one.kind === Kind.FIELD && one.name.value.startsWith('__'),
      );
      return isRoot || hasOne ? undefined : { ...node, selections: [...node.selections, typename] };
    },
  });
}
