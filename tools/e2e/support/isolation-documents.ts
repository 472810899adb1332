import {
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  parse,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
} from 'graphql';
import { documentSize } from '../../../apps/gateway/src/graph/document-size.ts';
import { sizeLimits } from '../../../apps/gateway/src/graph/query-limits.ts';

/** A document that asks for all it can of one root field. */
export type AskAll = { text: string; fields: string[]; first: number };

export type DocumentLimits = { tokensMax: number; rowsMax: number };
type Selection = { text: string; rows: number; fields: string[] };
type Shape = {
  depth: number;
  path: readonly string[];
  only?: string | undefined;
  /** Of what lies one step too deep, the id. */
  hasStubs?: boolean;
  /** Without questions of the past: for a change, whose own things were not there before. */
  isChange?: boolean;
};

const depthMax = 6;
const nestedFirst = 2;
const empty: Selection = { text: '', rows: 0, fields: [] };

/**
 * The whole answer of a root field as far as the limits let one document reach; with `isSplit` one more
 * document for each thing that hangs on the answer, so that nothing stays out of reach.
 */
export function documentsOf(
  operation: 'query' | 'mutation',
  field: GraphQLField<unknown, unknown>,
  options: DocumentLimits & { isSplit: boolean },
): AskAll[] {
  const document = (how: { first: number; only?: string }) =>
    once([operation, field.name, options.tokensMax, options.rowsMax, how.only].join(), () =>
      fitting(operation, field, options, how),
    );
  const whole = document({ first: 100 });
  if (!options.isSplit) return [whole];
  const parts = branchesOf(getNamedType(field.type));
  return [whole, ...parts.map((only) => document({ first: 10, only }))];
}

// There is one schema, and half of the tests ask for the same documents: some 20 CPU-s each time.
const written = new Map<string, AskAll>();

function once(key: string, write: () => AskAll): AskAll {
  const document = written.get(key) ?? write();
  written.set(key, document);
  return document;
}

function fitting(
  operation: 'query' | 'mutation',
  field: GraphQLField<unknown, unknown>,
  limits: DocumentLimits,
  { first, only }: { first: number; only?: string },
): AskAll {
  let best: AskAll | undefined;
  // Upwards: what is too deep by far is too long to be written down at all.
  for (let depth = 0; depth <= depthMax; depth += 1) {
    const found = [true, false].flatMap((hasStubs) => {
      const shape = { depth, path: [], only, hasStubs, isChange: operation === 'mutation' };
      const selection = selectionOf(getNamedType(field.type), shape);
      const text = documentText(operation, field, selection.text);
      const rows = hasFirst(field) ? first * (1 + selection.rows) : selection.rows;
      const fits = rows <= limits.rowsMax && isShort(text, limits.tokensMax);
      return fits ? [{ text, fields: selection.fields, first }] : [];
    });
    if (found.length === 0) break;
    best = found[0];
  }
  if (best) return best;
  throw new Error(`no document for ${field.name} is within the limits`);
}

function documentText(
  operation: string,
  field: GraphQLField<unknown, unknown>,
  selection: string,
): string {
  const variables = field.args.map(({ name, type }) => `$${name}: ${String(type)}`);
  variables.push(...nestedUsed(selection));
  const given = field.args.map(({ name }) => `${name}: $${name}`);
  const head = variables.length > 0 ? `(${variables.join(', ')})` : '';
  const args = given.length > 0 ? `(${given.join(', ')})` : '';
  return `${operation} Isolation${head} { result: ${field.name}${args} ${selection} }`;
}

// Questions of the past are asked about this very instant: by then everything was there.
export const nestedVariables = () => ({ nested: nestedFirst, now: new Date().toISOString() });
const nestedTypes = { nested: 'Int', now: 'DateTime!' };
const instants: Record<string, string> = { at: '$now' };

/** What a field in an answer is given, of `nestedVariables`. */
export function nestedArgsOf(field: GraphQLField<unknown, unknown>): string {
  const given = field.args
    .filter(isRequiredArgument)
    .map(({ name }) => `${name}: ${instants[name]}`);
  if (hasFirst(field)) given.push('first: $nested');
  return given.length > 0 ? `(${given.join(', ')})` : '';
}

/** Declarations of those variables that a selection uses. */
export const nestedUsed = (selection: string): string[] =>
  Object.entries(nestedTypes)
    .filter(([name]) => selection.includes(`$${name}`))
    .map(([name, type]) => `$${name}: ${type}`);

function isShort(text: string, maxTokens: number): boolean {
  try {
    const size = documentSize(parse(text, { maxTokens }), sizeLimits);
    const { aliasesMax, overlapsMax } = sizeLimits;
    return size.aliases <= aliasesMax && size.overlaps <= overlapsMax;
  } catch {
    return false;
  }
}

const hasFirst = ({ args }: GraphQLField<unknown, unknown>) =>
  args.some(({ name }) => name === 'first');
const fieldsOf = (type: GraphQLObjectType) => Object.values(type.getFields());
// `Connection` itself is a linked shop.
const isPage = (type: GraphQLNamedType) =>
  isObjectType(type) && 'pageInfo' in type.getFields() && 'nodes' in type.getFields();
const isEdge = (type: GraphQLNamedType) => isObjectType(type) && type.name.endsWith('Edge');
const isFlat = (type: GraphQLNamedType) =>
  isObjectType(type) && fieldsOf(type).every((each) => isLeafType(getNamedType(each.type)));

// What hangs on the thing itself, behind its page, or on any of those that an answer may be.
function branchesOf(type: GraphQLNamedType): string[] {
  if (isUnionType(type)) return [...new Set(type.getTypes().flatMap(branchesOf))];
  if (!isObjectType(type)) return [];
  if (isPage(type)) return branchesOf(getNamedType(type.getFields()['nodes']!.type));
  return fieldsOf(type)
    .filter((each) => !isLeafType(getNamedType(each.type)) && !isFlat(getNamedType(each.type)))
    .map(({ name }) => name);
}

export function selectionOf(type: GraphQLNamedType, shape: Shape): Selection {
  if (isLeafType(type)) return empty;
  if (isUnionType(type)) return ofUnion(type.getTypes(), shape);
  if (!isObjectType(type)) throw new Error(`nothing is known about asking for ${type.name}`);
  const parts = partsOf(type, shape).map(({ part }) => part);
  return braced(parts);
}

function braced(parts: Selection[]): Selection {
  return {
    text: `{ __typename ${parts.map(({ text }) => text).join(' ')} }`,
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    fields: parts.flatMap(({ fields }) => fields),
  };
}

// Members may give one name to fields of different types; the second one gets an alias.
function ofUnion(types: readonly GraphQLObjectType[], shape: Shape): Selection {
  const taken = new Map<string, string>();
  const members = types.map((type) => {
    const parts = partsOf(type, shape).map(({ field, part }) => {
      const kind = String(field.type);
      const isFree = (taken.get(field.name) ?? kind) === kind;
      if (isFree) taken.set(field.name, kind);
      return isFree ? part : { ...part, text: `${field.name}_${type.name}: ${part.text}` };
    });
    const member = braced(parts);
    return { ...member, text: `... on ${type.name} ${member.text}` };
  });
  return braced(members);
}

type Part = { field: GraphQLField<unknown, unknown>; part: Selection };

function partsOf(type: GraphQLObjectType, shape: Shape): Part[] {
  return fieldsOf(type).flatMap((field) => {
    const part = partOf(type, field, shape);
    return part ? [{ field, part }] : [];
  });
}

function stubOf(field: GraphQLField<unknown, unknown>, known: string[]): Selection | undefined {
  const type = getNamedType(field.type);
  if (!isObjectType(type) || !('id' in type.getFields())) return undefined;
  const text = `${field.name}${nestedArgsOf(field)} { __typename id }`;
  return { text, rows: 0, fields: [...known, `${type.name}.id`] };
}

function partOf(
  parent: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  shape: Shape,
): Selection | undefined {
  const type = getNamedType(field.type);
  const known = [`${parent.name}.${field.name}`];
  const needed = field.args.filter(isRequiredArgument);
  const unknown = needed.find(({ name }) => !instants[name]);
  if (needed.length > 0 && shape.isChange) return undefined;
  if (unknown) throw new Error(`nothing fills ${parent.name}.${field.name}(${unknown.name}:)`);
  if (isLeafType(type)) return { text: field.name, rows: 0, fields: known };
  // The same things once more.
  if (isEdge(parent)) return { text: `${field.name} { __typename }`, rows: 0, fields: known };
  const isFree = isFlat(type) || isPage(type) || isEdge(type) || isPage(parent);
  if (shape.only !== undefined && !isPage(parent) && !isFlat(type) && field.name !== shape.only)
    return undefined;
  const path = [...shape.path, parent.name];
  const depth = isFree ? shape.depth : shape.depth - 1;
  if (depth < 0 && !isFlat(type)) return shape.hasStubs ? stubOf(field, known) : undefined;
  const isSeen = path.includes(type.name);
  const only = isPage(parent) ? shape.only : undefined;
  const nested = selectionOf(type, { ...shape, depth: isSeen ? -1 : depth, path, only });
  const args = nestedArgsOf(field);
  const rows = hasFirst(field) ? nestedFirst * (1 + nested.rows) : nested.rows;
  const fields = [...known, ...nested.fields];
  return { text: `${field.name}${args} ${nested.text}`, rows, fields };
}
