import { badInput } from './graphql.errors.ts';
import { isCalendarDay } from './scalars.ts';

export type PageInfo = {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
};
export type Connection<T> = {
  edges: { cursor: string; node: T }[];
  nodes: T[];
  pageInfo: PageInfo;
};

/** What a cursor's part must be: a value that PostgreSQL can cast, or the request is refused before it gets there. */
export type CursorPart = 'text' | 'uuid' | 'integer' | 'time';

const firstMax = 100;
const cursorLengthMax = 1000;
const partShapes: Record<CursorPart, RegExp> = {
  // Neither NUL nor half a surrogate pair: PostgreSQL refuses them.
  text: /^[^\0\p{Surrogate}]{0,500}$/u,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  integer: /^-?\d{1,18}$/,
  time: /^(?!0000)\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](0\d|1[0-4])(:?[0-5]\d)?)$/,
};

/**
 * `first` 1..100 (default 20), `after` as it came. Fetch `limit` = first + 1 rows behind `after`: the
 * extra row only tells whether there is a next page.
 */
export function pageArgs(
  args: { first?: number | null; after?: string | null },
  firstDefault = 20,
): { first: number; limit: number; after: string | undefined } {
  const first = args.first ?? firstDefault;
  if (!Number.isInteger(first) || first < 1 || first > firstMax) {
    throw badInput(`first must be between 1 and ${firstMax}, not ${first}.`, {
      field: 'first',
      value: first,
    });
  }
  return { first, limit: first + 1, after: args.after ?? undefined };
}

/** Cursors are opaque and name the row's sort key, so a page stays where it is while rows come and go. */
export function encodeCursor(parts: string | readonly (string | number)[]): string {
  const list = typeof parts === 'string' ? [parts] : parts.map(String);
  return Buffer.from(JSON.stringify(list)).toString('base64url');
}

/** The parts of a cursor, each checked against its shape; undefined for no cursor. */
export function decodeCursor(after: string, parts?: readonly CursorPart[]): string[];
export function decodeCursor(
  after: string | null | undefined,
  parts?: readonly CursorPart[],
): string[] | undefined;
export function decodeCursor(
  after: string | null | undefined,
  parts: readonly CursorPart[] = ['text'],
): string[] | undefined {
  if (after === null || after === undefined) return undefined;
  const values = cursorValues(after);
  const isValid =
    values?.length === parts.length &&
    parts.every((part, index) => isPart(part, values[index] ?? ''));
  if (!values || !isValid) {
    throw badInput('after must be a cursor that this list has given out.', {
      field: 'after',
      value: after,
    });
  }
  return values;
}

function isPart(part: CursorPart, value: string): boolean {
  return partShapes[part].test(value) && (part !== 'time' || isCalendarDay(value));
}

function cursorValues(after: string): string[] | undefined {
  if (after.length > cursorLengthMax) return undefined;
  try {
    const values: unknown = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
    const isList = Array.isArray(values) && values.every((value) => typeof value === 'string');
    return isList ? (values as string[]) : undefined;
  } catch {
    return undefined;
  }
}

/** The page of at most `first` rows out of the `first + 1` that were fetched. */
export function connectionFrom<T>(
  rows: readonly T[],
  options: {
    first: number;
    cursorOf(row: T): string | readonly (string | number)[];
    /** Whether this page was asked for behind a cursor. */
    after?: string | null | undefined;
  },
): Connection<T> {
  const nodes = rows.slice(0, options.first);
  const edges = nodes.map((node) => ({ cursor: encodeCursor(options.cursorOf(node)), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: rows.length > options.first,
      hasPreviousPage: options.after !== undefined && options.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
