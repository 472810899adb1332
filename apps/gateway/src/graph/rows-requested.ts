import {
  getNamedType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

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
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const defaults = new Map(
    operation.variableDefinitions?.map((one) => [one.variable.name.value, one.defaultValue]),
  );
  const collect = (set: SelectionSetNode, type: GraphQLNamedType | null | undefined): Lists =>
    set.selections.flatMap((selection): Lists => {
      switch (selection.kind) {
        case Kind.FIELD:
          return ofField(selection, type);
        case Kind.INLINE_FRAGMENT: {
          const on = selection.typeCondition?.name.value;
          return collect(selection.selectionSet, on === undefined ? type : schema.getType(on));
        }
        case Kind.FRAGMENT_SPREAD: {
          // Validation has refused cycles and unknown names.
          const fragment = fragments.get(selection.name.value);
          return fragment
            ? collect(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value))
            : [];
        }
      }
    });
  const ofField = (node: FieldNode, type: GraphQLNamedType | null | undefined): Lists => {
    const field = fieldOf(type, node.name.value);
    if (!field || !node.selectionSet) return [];
    const nested = collect(node.selectionSet, getNamedType(field.type));
    const first = field.args.find((one) => one.name === 'first');
    return first ? [{ count: countOf(node, first, defaults), nested }] : nested;
  };
  return collect(operation.selectionSet, schema.getRootType(operation.operation));
}

function fieldOf(type: GraphQLNamedType | null | undefined, name: string) {
  const hasFields = type && (isObjectType(type) || 'getFields' in type);
  return hasFields
    ? (type.getFields()[name] as GraphQLField<unknown, unknown> | undefined)
    : undefined;
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
