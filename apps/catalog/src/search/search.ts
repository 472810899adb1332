import { badInput, decodeCursor, type CursorPart } from '@onecount/graphql';
import { minorOf, MoneyError } from '@onecount/money';
import { isGiven, isStorable, isUuid } from '@onecount/refusal';
import type {
  InputMaybe,
  MoneyInput,
  ProductFilterInput,
  ProductSortField,
  ProductSortInput,
} from '../generated/resolver-types.ts';

/** What is looked for, in the terms that documents have (product_terms.sql). */
export type Criteria = {
  query: string;
  /** Each list must be met by one of its terms. */
  terms: readonly (readonly string[])[];
  /** None of these. */
  without: readonly string[];
  price: { currencyCode: string; fromMinor: number; toMinor: number } | undefined;
};

export type ProductSort = { field: ProductSortField; isDescending: boolean };
/** Where a page begins: behind this key and id. */
export type Place = { key: string | number; id: string };

/** What a filter names by id or by name, as the database knows it. */
export type Named = { vendorIds: readonly string[]; categoryIds: readonly string[] };

const queryLengthMax = 1000;
const valuesMax = 100;
const lowest = '00000000-0000-0000-0000-000000000000';
const highest = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const priceMax = Number.MAX_SAFE_INTEGER;

type SortKey = { column: string; type: string; part: CursorPart; ends: [string, string] };

/** Ends are the keys before the first and behind the last: a page from the start is a page behind one of them. */
export const sortKeys: Record<ProductSortField, SortKey> = {
  NEWEST: { column: 'product_id', type: 'uuid', part: 'uuid', ends: [lowest, highest] },
  TITLE: { column: 'title_key', type: 'text', part: 'text', ends: ['', '\u{10FFFF}'] },
  PRICE: { column: 'price_key', type: 'bigint', part: 'integer', ends: ['-2', `${priceMax}`] },
  UPDATED: {
    column: 'updated_at',
    type: 'timestamptz',
    part: 'time',
    ends: ['-infinity', 'infinity'],
  },
};

export function sortOf(input: InputMaybe<ProductSortInput> | undefined): ProductSort {
  const field = input?.field ?? 'NEWEST';
  const usual = field === 'NEWEST' || field === 'UPDATED' ? 'DESC' : 'ASC';
  return { field, isDescending: (input?.direction ?? usual) === 'DESC' };
}

const nameOf = ({ field, isDescending }: ProductSort) =>
  `${field} ${isDescending ? 'DESC' : 'ASC'}`;

export function cursorOf(sort: ProductSort, { key, id }: { key: unknown; id: string }): string[] {
  return [nameOf(sort), key instanceof Date ? key.toISOString() : String(key), id];
}

/** Refuses the cursor of another sort: it would begin somewhere, and nobody would see that it is wrong. */
export function placeOf(sort: ProductSort, after: string | undefined): Place {
  const { part, ends } = sortKeys[sort.field];
  if (after === undefined) {
    return { key: ends[Number(sort.isDescending)]!, id: sort.isDescending ? highest : lowest };
  }
  const [name] = decodeCursor(after, ['text', 'text', 'uuid']) ?? [];
  if (name !== nameOf(sort)) {
    const message = `after is a cursor of the sort ${name}, not of ${nameOf(sort)}.`;
    throw badInput(message, { field: 'after', value: after });
  }
  const [, key = '', id = ''] = decodeCursor(after, ['text', part, 'uuid']) ?? [];
  return { key, id };
}

/** Throws for a value that no search can be made of; a name or id that is unknown finds nothing. */
export function criteriaOf(
  args: { query?: InputMaybe<string> | undefined; filter: ProductFilterInput; isPublic: boolean },
  { vendorIds, categoryIds }: Named,
): Criteria {
  const { filter, isPublic } = args;
  const any = (kind: string, values: readonly string[] | null | undefined): string[][] =>
    values ? [values.map((value) => `!${kind}:${value}`)] : [];
  const flags = flagsOf(filter);
  return {
    query: checkedQuery(args.query ?? ''),
    terms: [
      ...any('s', filter.statuses),
      ...any('s', isPublic ? ['ACTIVE'] : undefined),
      ...any('v', filter.vendors ? vendorIds : undefined),
      ...any('c', filter.categoryIds ? categoryIds : undefined),
      ...any(
        'p',
        isGiven(filter.productGroupId)
          ? checkedIds('productGroupId', [filter.productGroupId])
          : null,
      ),
      ...any('t', checkedTexts('productTypes', filter.productTypes)),
      ...(checkedTexts('tags', filter.tags) ?? []).flatMap((tag) => any('g', [tag])),
      ...flags.filter(({ isWanted }) => isWanted).map(({ term }) => [term]),
    ],
    without: [
      ...flags.filter(({ isWanted }) => !isWanted).map(({ term }) => term),
      ...(isPublic ? ['!u:'] : []),
    ],
    price: priceOf(filter.price),
  };
}

function flagsOf(filter: ProductFilterInput): { term: string; isWanted: boolean }[] {
  const flag = (term: string, isWanted: boolean | null | undefined) =>
    typeof isWanted === 'boolean' ? [{ term, isWanted }] : [];
  const { isInStock, isListed, connectionId } = filter;
  const inNone = typeof isListed === 'boolean' ? !isListed : isListed;
  return [
    ...flag('!k:in', isInStock),
    ...flag('!k:low', filter.isLowStock),
    ...(isGiven(connectionId)
      ? flag(`!l:${connectionId}`, isListed ?? true)
      : flag('!l:none', inNone)),
    ...flag('!m:barcode', filter.isMissingBarcode),
    ...flag('!m:image', filter.isMissingImage),
  ];
}

function checkedQuery(query: string): string {
  if (query.length > queryLengthMax) {
    const message = `query has ${query.length} characters; at most ${queryLengthMax} are searched.`;
    throw badInput(message, { field: 'query', value: query });
  }
  if (!isStorable(query)) {
    throw badInput('query holds a character that no text can hold.', { field: 'query' });
  }
  return query;
}

/** The texts as they are; at most a hundred, each storable. */
export function checkedTexts(
  field: string,
  texts: readonly string[] | null | undefined,
): readonly string[] | undefined {
  if (!texts) return undefined;
  if (texts.length > valuesMax) {
    throw badInput(`${field} names ${texts.length} values; at most ${valuesMax} are searched.`, {
      field: `filter.${field}`,
    });
  }
  const unusable = texts.find((text) => !isStorable(text));
  if (unusable !== undefined) {
    throw badInput(`${field} holds a character that no text can hold.`, {
      field: `filter.${field}`,
    });
  }
  return texts;
}

/** Ids that are none find nothing. */
export function checkedIds(field: string, ids: readonly string[] | null | undefined): string[] {
  return (checkedTexts(field, ids) ?? []).filter(isUuid);
}

function priceOf(range: ProductFilterInput['price']): Criteria['price'] {
  if (!range) return undefined;
  const { from, to } = range;
  const currencyCode = from?.currencyCode ?? to?.currencyCode;
  if (currencyCode === undefined) {
    throw badInput('price needs from, to or both.', { field: 'filter.price' });
  }
  if (to && to.currencyCode !== currencyCode) {
    const message = `price is from ${currencyCode} to ${to.currencyCode}; it must be one currency.`;
    throw badInput(message, { field: 'filter.price.to', value: to });
  }
  return {
    currencyCode,
    fromMinor: from ? checkedMinor('from', from) : 0,
    toMinor: to ? checkedMinor('to', to) : priceMax,
  };
}

function checkedMinor(end: 'from' | 'to', money: MoneyInput): number {
  try {
    return minorOf(money);
  } catch (err) {
    if (!(err instanceof MoneyError)) throw err;
    throw badInput(err.message, { field: `filter.price.${end}`, value: money });
  }
}
