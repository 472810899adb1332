import { Kind, type ConstDirectiveNode, type FieldDefinitionNode } from 'graphql';
import type { SubgraphSource } from './subgraphs.ts';

type Source = Pick<SubgraphSource, 'document'>;
type Scoped = { place: string; anyOf: string[]; type: FieldDefinitionNode['type'] };

/**
 * `Type.field` → the scopes of which a caller needs one, for every public field that names some. The gateway
 * holds a mutation's whole selection against them before anything of it runs.
 */
export function fieldScopes(subgraphs: Source[]): Record<string, string[]> {
  const scoped = scopedFields(subgraphs).map(({ place, anyOf }) => [place, anyOf] as const);
  return Object.fromEntries(scoped.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * The fields of queries that may be refused to some caller and cannot be null: with one of them refused, the
 * answers beside it would be lost too.
 */
export function refusableButRequired(subgraphs: Source[]): string[] {
  return scopedFields(subgraphs)
    .filter(({ place, type }) => type.kind === Kind.NON_NULL_TYPE && !place.startsWith('Mutation.'))
    .map(({ place }) => place);
}

function scopedFields(subgraphs: Source[]): Scoped[] {
  return subgraphs.flatMap(({ document }) =>
    document.definitions.flatMap((node) => {
      const isObject =
        node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
      if (!isObject) return [];
      return (node.fields ?? []).flatMap((field) => {
        const anyOf = scopesOf(field.directives ?? []);
        const place = `${node.name.value}.${field.name.value}`;
        return anyOf ? [{ place, anyOf, type: field.type }] : [];
      });
    }),
  );
}

function scopesOf(directives: readonly ConstDirectiveNode[]): string[] | undefined {
  if (directives.some(({ name }) => name.value === 'inaccessible')) return undefined;
  const [given] = directives.find(({ name }) => name.value === 'scopes')?.arguments ?? [];
  if (given?.value.kind !== Kind.LIST) return undefined;
  return given.value.values.flatMap((one) => (one.kind === Kind.STRING ? [one.value] : []));
}
