import {
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

type ParentType = GraphQLNamedType | null | undefined;
export type SelectedField = {
  node: FieldNode;
  parent: ParentType;
  definition: GraphQLField<unknown, unknown> | undefined;
  /** The field and the fragments around it, each of which may carry @skip and @include. */
  conditions: readonly SelectionNode[];
};
export type FieldsOf = (set: SelectionSetNode, type: ParentType) => SelectedField[];

/** The fields of a selection of this document, those of its fragments among them. */
export function createSelectedFields(schema: GraphQLSchema, document: DocumentNode): FieldsOf {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const fieldsOf = (
    set: SelectionSetNode,
    parent: ParentType,
    around: readonly SelectionNode[],
  ): SelectedField[] =>
    set.selections.flatMap((node) => {
      const conditions = node.directives?.length ? [...around, node] : around;
      if (node.kind === Kind.FIELD)
        return [{ node, parent, definition: definitionOf(parent, node.name.value), conditions }];
      // Validation has refused cycles and unknown names.
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      if (!fragment) return [];
      const on = fragment.typeCondition?.name.value;
      return fieldsOf(
        fragment.selectionSet,
        on === undefined ? parent : schema.getType(on),
        conditions,
      );
    });
  return (set, type) => fieldsOf(set, type, []);
}

function definitionOf(type: ParentType, name: string) {
  const hasFields = isObjectType(type) || isInterfaceType(type);
  return hasFields ? type.getFields()[name] : undefined;
}
