import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

export type DocumentSize = { fields: number; aliases: number; overlaps: number };
export type SizeLimits = { fieldsMax: number; aliasesMax: number; overlapsMax: number };

const none: DocumentSize = { fields: 0, aliases: 0, overlaps: 0 };

/**
 * What validation and planning will have to do: fields and aliases with every fragment counted wherever it is
 * spread, and pairs of fields that are answered under one name, which validation compares two by two. Each
 * fragment is counted once, so that the time is linear in the text however much it expands to; pairs are counted
 * only below `fieldsMax`, so that their time is bounded too. `overlaps` is 0 above it.
 */
export function documentSize(document: DocumentNode, { fieldsMax }: SizeLimits): DocumentSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const count = createCounter(fragments);
  const sets = document.definitions.flatMap((node) =>
    'selectionSet' in node && node.selectionSet ? [node.selectionSet] : [],
  );
  const { fields, aliases } = sets.map(count).reduce(sum, none);
  const overlaps = fields > fieldsMax ? 0 : overlapsIn(sets, fragments);
  return { fields, aliases, overlaps };
}

function sum(one: DocumentSize, other: DocumentSize): DocumentSize {
  return {
    fields: one.fields + other.fields,
    aliases: one.aliases + other.aliases,
    overlaps: one.overlaps + other.overlaps,
  };
}

function createCounter(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
  const counted = new Map<SelectionSetNode, DocumentSize>();
  const count = (set: SelectionSetNode): DocumentSize => {
    const known = counted.get(set);
    if (known) return known;
    // Found again below itself: a cycle, which validation refuses.
    counted.set(set, none);
    const size = set.selections
      .map((node) => {
        if (node.kind === Kind.FRAGMENT_SPREAD) {
          const fragment = fragments.get(node.name.value);
          return fragment ? count(fragment.selectionSet) : none;
        }
        const inner = node.selectionSet ? count(node.selectionSet) : none;
        if (node.kind === Kind.INLINE_FRAGMENT) return inner;
        return sum(inner, { fields: 1, aliases: node.alias ? 1 : 0, overlaps: 0 });
      })
      .reduce(sum, none);
    counted.set(set, size);
    return size;
  };
  return count;
}

function overlapsIn(
  sets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  const collect = (set: SelectionSetNode, into: FieldNode[], within: ReadonlySet<string>) => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) into.push(node);
      else if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet, into, within);
      else {
        const name = node.name.value;
        const fragment = within.has(name) ? undefined : fragments.get(name);
        if (fragment) collect(fragment.selectionSet, into, new Set([...within, name]));
      }
    }
    return into;
  };
  // What is answered under one name is merged, and so is what is selected of it.
  const ofMerged = (merged: readonly SelectionSetNode[]): number => {
    const fields = merged.flatMap((set) => collect(set, [], new Set()));
    let pairs = 0;
    for (const same of Map.groupBy(fields, answeredAs).values()) {
      pairs += (same.length * (same.length - 1)) / 2;
      pairs += ofMerged(same.flatMap(({ selectionSet }) => selectionSet ?? []));
    }
    return pairs;
  };
  return sets.reduce((pairs, set) => pairs + ofMerged([set]), 0);
}

const answeredAs = (node: FieldNode): string => node.alias?.value ?? node.name.value;
