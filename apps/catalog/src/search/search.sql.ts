import { exactlyOne, sql, type Statement, type Tx } from '@onecount/db';
import type { ProductSortField } from '../generated/resolver-types.ts';
import { priceEnds, type FacetRow } from './facet.ts';
import { sortKeys, type Criteria, type Place, type ProductSort } from './search.ts';

/** The words of one criterion, and the condition that it is on a document. */
type Criterion = { hits: number; lows: string[]; highs: string[]; condition: string };
/**
 * How a search is done: from the words of its rarest criterion, where they are few, or else along the order that is
 * wanted. Null where nothing can be found.
 */
export type SearchPlan = { criteria: Criteria; document: string | null; rarest: Criterion | null };
export type ProductHit = { id: string; key: unknown };

/** Of so many products the documents are read and sorted (25 ms); of more, enough come soon along the order. */
const rareMost = 5_000;
const exactMost = 10_000;
/** So many documents are looked at for a total, which is then told as a lower bound. */
const examinedMost = 100_000;

const planStatement = sql(
  'catalog.search-plan',
  'SELECT hits, lows, highs, condition FROM search_plan($1, $2, $3, $4)',
);

export async function searchPlan(tx: Tx, criteria: Criteria): Promise<SearchPlan | null> {
  const { query, terms, without } = criteria;
  if (terms.some((any) => any.length === 0)) return null;
  const found = await tx.query<Criterion>(planStatement, [
    tx.tenantId,
    query,
    JSON.stringify(terms),
    rareMost + 1,
  ]);
  // A text of signs alone has no word, and nothing has it.
  if (query.trim() !== '' && found.length === terms.length) return null;
  found.sort((one, other) => one.hits - other.hits);
  const [rarest] = found;
  if (rarest?.hits === 0) return null;
  const conditions = [
    ...found.map(({ condition }) => condition),
    ...without.map((term) => `!'${term}'`),
  ];
  return {
    criteria,
    document: conditions.length === 0 ? null : conditions.join(' & '),
    rarest: rarest !== undefined && rarest.hits <= rareMost ? rarest : null,
  };
}

const matching = `d.tenant_id = $1 AND ($2::tsquery IS NULL OR d.document @@ $2)
  AND ($3::text IS NULL OR EXISTS (
    SELECT FROM variant v
    WHERE v.tenant_id = $1 AND v.product_id = d.product_id AND v.removed_at IS NULL
      AND v.currency_code = $3 AND coalesce(v.list_price_minor, v.price_minor) BETWEEN $4 AND $5))`;

const amongRarest = `(
    SELECT DISTINCT w.product_id FROM unnest($6::text[], $7::text[]) AS r (low, high)
    JOIN product_word w ON w.tenant_id = $1 AND w.word >= r.low AND w.word < r.high
  ) hit JOIN product_search d ON d.tenant_id = $1 AND d.product_id = hit.product_id`;
const amongAll = '(SELECT $6::text[], $7::text[]) no_words, product_search d';

function matchingValues(tx: Tx, { document, criteria, rarest }: SearchPlan): unknown[] {
  const { currencyCode = null, fromMinor = null, toMinor = null } = criteria.price ?? {};
  const words = [rarest?.lows ?? null, rarest?.highs ?? null];
  return [tx.tenantId, document, currencyCode, fromMinor, toMinor, ...words];
}

type Pages = Record<'ASC' | 'DESC', Record<'rarest' | 'all', Statement>>;

function pageStatements(field: ProductSortField): Pages {
  const { column, type } = sortKeys[field];
  const statement = (order: 'ASC' | 'DESC', among: string, from: string) => {
    const sign = order === 'ASC' ? '>' : '<';
    return sql(
      `catalog.search-${field.toLowerCase()}-${order.toLowerCase()}-${among}`,
      `SELECT d.product_id AS id, d.${column} AS key FROM ${from}
       WHERE ${matching} AND (d.${column}, d.product_id) ${sign} ($8::${type}, $9::uuid)
       ORDER BY d.${column} ${order}, d.product_id ${order} LIMIT $10`,
    );
  };
  const both = (order: 'ASC' | 'DESC') => ({
    rarest: statement(order, 'rarest', amongRarest),
    all: statement(order, 'all', amongAll),
  });
  return { ASC: both('ASC'), DESC: both('DESC') };
}

const pages: Record<ProductSortField, Pages> = {
  NEWEST: pageStatements('NEWEST'),
  TITLE: pageStatements('TITLE'),
  PRICE: pageStatements('PRICE'),
  UPDATED: pageStatements('UPDATED'),
};

export function searchPage(
  tx: Tx,
  plan: SearchPlan,
  { sort, place, limit }: { sort: ProductSort; place: Place; limit: number },
): Promise<ProductHit[]> {
  const statements = pages[sort.field][sort.isDescending ? 'DESC' : 'ASC'];
  return tx.query<ProductHit>(statements[plan.rarest ? 'rarest' : 'all'], [
    ...matchingValues(tx, plan),
    place.key,
    place.id,
    limit,
  ]);
}

const seen = (from: string) =>
  `seen AS (SELECT d.* FROM ${from} WHERE d.tenant_id = $1 LIMIT ${examinedMost + 1})`;
const isAllSeen = `(SELECT count(*) FROM seen) <= ${examinedMost}`;

const totalText = (from: string) =>
  `WITH ${seen(from)}, counted AS (
     SELECT count(*)::integer AS total FROM (SELECT FROM seen d WHERE ${matching} LIMIT ${exactMost + 1}) matched)
   SELECT least(total, ${exactMost}) AS count, total <= ${exactMost} AND ${isAllSeen} AS "isExact" FROM counted`;
const totals = {
  rarest: sql('catalog.search-total-rarest', totalText(amongRarest)),
  all: sql('catalog.search-total-all', totalText(amongAll)),
};

export type ProductTotal = { count: number; isExact: boolean };

/** Exact up to 10,000; a lower bound beyond, and where more than 100,000 documents would have to be looked at. */
export async function searchTotal(tx: Tx, plan: SearchPlan): Promise<ProductTotal> {
  const statement = totals[plan.rarest ? 'rarest' : 'all'];
  return exactlyOne(await tx.query<ProductTotal>(statement, matchingValues(tx, plan)));
}

// The most frequent values of each kind, then the bands of prices.
const facetsText = (from: string) =>
  `WITH ${seen(from)}, matched AS MATERIALIZED (
     SELECT d.terms, d.price_key, d.currency_code FROM seen d WHERE ${matching} LIMIT ${exactMost}
   ), ranked AS (
     SELECT *, row_number() OVER (PARTITION BY kind ORDER BY count DESC, value) AS place FROM (
       SELECT substr(term, 2, 1) AS kind, min(substr(term, 4)) AS value, count(*)::integer AS count
       FROM matched, unnest(terms) term GROUP BY substr(term, 2, 1), lower(term COLLATE pg_unicode_fast)) counted
   ), named AS (
     SELECT kind, value, count, coalesce(v.name, c.path, value) AS label, place
     FROM ranked r
     LEFT JOIN vendor v ON v.tenant_id = $1 AND v.id = CASE r.kind WHEN 'v' THEN r.value::uuid END
     LEFT JOIN category c ON c.tenant_id = $1 AND c.id = CASE r.kind WHEN 'c' THEN r.value::uuid END
     WHERE place <= 50 AND kind IN ('s', 'v', 'c', 't', 'g')
   ), bands AS (
     SELECT currency_code, width_bucket(price_key, $8::bigint[]) AS band, count(*)::integer AS count
     FROM matched WHERE price_key >= 0 AND currency_code IS NOT NULL GROUP BY 1, 2
   )
   SELECT kind, value, label, count FROM (
     SELECT kind, value, label, count, place FROM named
     UNION ALL SELECT 'price', band::text, currency_code, count, band FROM bands) f
   ORDER BY kind, CASE kind WHEN 'price' THEN place END, count DESC, label COLLATE "C"`;
const facets = {
  rarest: sql('catalog.search-facets-rarest', facetsText(amongRarest)),
  all: sql('catalog.search-facets-all', facetsText(amongAll)),
};

/** What the products are like of which the first 10,000 are counted. */
export function searchFacets(tx: Tx, plan: SearchPlan): Promise<FacetRow[]> {
  const statement = facets[plan.rarest ? 'rarest' : 'all'];
  return tx.query<FacetRow>(statement, [...matchingValues(tx, plan), priceEnds]);
}

const indexStatement = sql('catalog.product-index', 'SELECT product_index($1, $2::uuid[])');

/** Writes what these products are found by; in the transaction that changed them. */
export async function indexProducts(tx: Tx, productIds: readonly string[]): Promise<void> {
  await tx.query(indexStatement, [tx.tenantId, productIds]);
}

const dueStatement = sql(
  'catalog.search-due',
  'SELECT tenant_id AS "tenantId", id FROM product WHERE is_search_due LIMIT $1',
);

/** Products of all tenants that a release or a renaming left to be indexed. */
export function dueProducts(tx: Tx, limit: number) {
  return tx.query<{ tenantId: string; id: string }>(dueStatement, [limit]);
}

const dueVariantsStatement = sql(
  'catalog.search-due-variants',
  'SELECT tenant_id AS "tenantId", variant_id AS id FROM variant_stock WHERE is_search_due LIMIT $1',
);

/** Variants of all tenants of which other services said what their products are to be found by. */
export function dueVariants(tx: Tx, limit: number) {
  return tx.query<{ tenantId: string; id: string }>(dueVariantsStatement, [limit]);
}

const indexVariantsStatement = sql(
  'catalog.search-due-index',
  'SELECT search_due_index($1, $2::uuid[])',
);

export async function indexVariants(tx: Tx, variantIds: readonly string[]): Promise<void> {
  await tx.query(indexVariantsStatement, [tx.tenantId, variantIds]);
}
