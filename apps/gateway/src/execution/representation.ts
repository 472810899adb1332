import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import { mergeInto } from './merge.ts';
import type { JsonObject } from './response-shape.ts';

type Read = (source: JsonObject) => JsonObject | null;
type IsSubtype = (typeName: string, condition: string) => boolean;

/** The representation of an entity for another subgraph, or null where a part of its key is missing. */
export function compileRepresentation(
  selections: readonly QueryPlanSelectionNode[],
  isSubtype: IsSubtype,
): Read {
  const parts = selections.map((selection) =>
    selection.kind === 'Field'
      ? field(selection.alias ?? selection.name, selection.selections, isSubtype)
      : fragment(selection.typeCondition, selection.selections, isSubtype),
  );
  return (source) => {
    const result: JsonObject = {};
    return parts.every((part) => part(source, result)) ? result : null;
  };
}

/** Adds what it reads to the result; false when it is missing. */
type Part = (source: JsonObject, result: JsonObject) => boolean;

function field(
  name: string,
  selections: readonly QueryPlanSelectionNode[] | undefined,
  isSubtype: IsSubtype,
): Part {
  const inner = selections && compileRepresentation(selections, isSubtype);
  const read = (value: unknown): unknown =>
    inner && value !== null ? inner(value as JsonObject) : value;
  return (source, result) => {
    const value = Object.hasOwn(source, name) ? source[name] : undefined;
    if (value === undefined) return false;
    result[name] = Array.isArray(value) ? value.map(read) : read(value);
    return true;
  };
}

function fragment(
  condition: string | undefined,
  selections: readonly QueryPlanSelectionNode[],
  isSubtype: IsSubtype,
): Part {
  const inner = compileRepresentation(selections, isSubtype);
  return (source, result) => {
    const typeName = source['__typename'];
    const isMeant =
      condition !== undefined && typeof typeName === 'string' && isSubtype(typeName, condition);
    if (isMeant) mergeInto(result, inner(source));
    return true;
  };
}
