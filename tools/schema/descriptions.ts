import {
  Kind,
  type DefinitionNode,
  type EnumTypeDefinitionNode,
  type EnumTypeExtensionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';
import type { SubgraphSource } from './subgraphs.ts';

type Described = { name: string; description?: { value: string } | undefined };
const roots = new Set(['Query', 'Mutation']);

/**
 * Every type, field, enum value and input field that no subgraph describes, `Type.field` each. An
 * entity is described where it is owned; a subgraph that only adds to it need not repeat that.
 */
export function undescribed(subgraphs: Pick<SubgraphSource, 'name' | 'document'>[]): string[] {
  const described = new Set<string>();
  const all = new Map<string, string>();
  for (const { name: subgraph, document } of subgraphs) {
    for (const element of document.definitions.flatMap(elementsOf)) {
      if (element.description?.value.trim()) described.add(element.name);
      all.set(element.name, all.get(element.name) ?? subgraph);
    }
  }
  return [...all]
    .filter(([name]) => !described.has(name) && !roots.has(name))
    .map(([name, subgraph]) => `${name} (${subgraph})`);
}

type WithMembers =
  | ObjectTypeDefinitionNode
  | ObjectTypeExtensionNode
  | InterfaceTypeDefinitionNode
  | InputObjectTypeDefinitionNode
  | EnumTypeDefinitionNode
  | EnumTypeExtensionNode;

function elementsOf(node: DefinitionNode): Described[] {
  switch (node.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_EXTENSION:
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
    case Kind.ENUM_TYPE_DEFINITION:
      return [typeOf(node), ...membersOf(node)];
    case Kind.ENUM_TYPE_EXTENSION:
      return membersOf(node);
    case Kind.SCALAR_TYPE_DEFINITION:
    case Kind.UNION_TYPE_DEFINITION:
      return [{ name: node.name.value, description: node.description }];
    default:
      return [];
  }
}

function typeOf(node: WithMembers): Described {
  const description = 'description' in node ? node.description : undefined;
  return { name: node.name.value, description };
}

function membersOf(node: WithMembers): Described[] {
  const members = 'values' in node ? node.values : 'fields' in node ? node.fields : [];
  return ((members ?? []) as readonly FieldDefinitionNode[]).map((member) => ({
    name: `${node.name.value}.${member.name.value}`,
    description: member.description,
  }));
}
