import { sql, type Tx } from '@onecount/db';
import type { Tracking } from './stock-item.ts';

export type ItemFilter = {
  text?: string | null;
  tracking?: Tracking | null;
  locationId?: string | null;
  hasVariant?: boolean | null;
  category?: string | null;
};
export type ItemPage = { after: string | undefined; limit: number; filter: ItemFilter };

export const searchTextMax = 64;

// U+10FFFF sorts behind every character: the end of the range that a prefix spans.
const prefixCondition = (text: string): string => {
  const within = (column: string, beginning: string) => {
    const from = `${beginning} COLLATE "C"`;
    return `(${column} >= ${from} AND ${column} < ${from} || chr(1114111))`;
  };
  const isSku = within('i.sku_key', `identifier_key(${text})`);
  return `(${isSku} OR ${within('i.title_key', `lower(${text} COLLATE pg_c_utf8)`)})`;
};

type Filled = Omit<ItemFilter, 'hasVariant'>;
const conditions: { [Key in keyof Filled]-?: (value: string) => string } = {
  text: (value) => prefixCondition(`${value}::text`),
  tracking: (value) => `i.tracking = ${value}::text`,
  locationId: (value) =>
    `EXISTS (SELECT FROM level l
       WHERE l.tenant_id = i.tenant_id AND l.stock_item_id = i.id AND l.location_id = ${value}::uuid)`,
  category: (value) => `i.category = ${value}::text`,
};

/**
 * A page by SKU. Only the conditions that are asked for are in the statement, and it has no name: it is planned
 * for its values, because a rare prefix is found by its own index and a frequent one by walking the SKUs.
 */
export function selectItemPage(
  tx: Tx,
  { after, limit, filter }: ItemPage,
): Promise<{ id: string; sku: string }[]> {
  const values: unknown[] = [tx.tenantId, limit];
  const wheres = ['i.tenant_id = $1'];
  const add = (condition: (value: string) => string, value: unknown) => {
    values.push(value);
    wheres.push(condition(`$${values.length}`));
  };
  if (after !== undefined) add((value) => `i.sku > ${value}::text`, after);
  for (const [key, condition] of Object.entries(conditions)) {
    const value = filter[key as keyof Filled];
    if (value) add(condition, value);
  }
  if (filter.hasVariant === true) wheres.push('i.variant_id IS NOT NULL');
  if (filter.hasVariant === false) wheres.push('i.variant_id IS NULL');
  return tx.query<{ id: string; sku: string }>(
    `SELECT i.id, i.sku FROM stock_item i WHERE ${wheres.join(' AND ')} ORDER BY i.sku LIMIT $2`,
    values,
  );
}

const categoriesStatement = sql(
  'inventory.stock-item-categories',
  'SELECT id, category FROM stock_item WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
);

export function selectCategories(
  tx: Tx,
  ids: readonly string[],
): Promise<{ id: string; category: string | null }[]> {
  return tx.query<{ id: string; category: string | null }>(categoriesStatement, [tx.tenantId, ids]);
}
