import { exactlyOne, sql, type Tx } from '@onecount/db';

export type ProductGroupRow = { id: string; name: string };

const insert = sql(
  'catalog.product-group-insert',
  `INSERT INTO product_group (tenant_id, name) VALUES ($1, $2)
   ON CONFLICT (tenant_id, lower(name)) DO NOTHING`,
);
const byName = sql(
  'catalog.product-group-by-name',
  'SELECT id, name FROM product_group WHERE tenant_id = $1 AND lower(name) = lower($2)',
);
const insertNew = sql(
  'catalog.product-group-insert-new',
  `INSERT INTO product_group (tenant_id, name) VALUES ($1, $2)
   ON CONFLICT (tenant_id, lower(name)) DO NOTHING RETURNING id, name`,
);
const byIds = sql(
  'catalog.product-groups-by-id',
  'SELECT id, name FROM product_group WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
);

/** The group of this name, made when it is new. Read first: nearly always it is there. */
export async function groupNamed(tx: Tx, name: string): Promise<ProductGroupRow> {
  const [known] = await tx.query<ProductGroupRow>(byName, [tx.tenantId, name]);
  if (known !== undefined) return known;
  // A concurrent twin's row is waited for here and seen by the next statement.
  await tx.query(insert, [tx.tenantId, name]);
  return exactlyOne(await tx.query<ProductGroupRow>(byName, [tx.tenantId, name]));
}

const nameLengthMax = 255;

/** A group that nothing belongs to yet, of this name or of the next numbered one that is free. */
export async function newGroup(tx: Tx, name: string): Promise<ProductGroupRow> {
  for (let number = 1; ; number += 1) {
    const ending = number === 1 ? '' : ` ${number}`;
    const free = `${[...name].slice(0, nameLengthMax - ending.length).join('')}${ending}`;
    // A concurrent twin's row is waited for here; the next number is tried then.
    const [made] = await tx.query<ProductGroupRow>(insertNew, [tx.tenantId, free]);
    if (made !== undefined) return made;
  }
}

export function groupsById(tx: Tx, ids: readonly string[]) {
  return tx.query<ProductGroupRow>(byIds, [tx.tenantId, ids]);
}
