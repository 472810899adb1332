import { sql, type Tx } from '@onecount/db';
import type { MappedColumn } from './product-import.ts';

export type MappingRow = { name: string; columns: MappedColumn[]; savedAt: Date };

const columns = 'name, columns, saved_at AS "savedAt"';
const byName = sql(
  'catalog.import-mapping-by-name',
  `SELECT ${columns} FROM product_import_mapping WHERE tenant_id = $1 AND name = $2`,
);
const page = sql(
  'catalog.import-mapping-page',
  `SELECT ${columns} FROM product_import_mapping
   WHERE tenant_id = $1 AND ($2::text IS NULL OR name > $2) ORDER BY name LIMIT $3`,
);
const save = sql(
  'catalog.import-mapping-save',
  `INSERT INTO product_import_mapping (tenant_id, name, columns) VALUES ($1, $2, $3::jsonb)
   ON CONFLICT (tenant_id, name) DO UPDATE
   SET columns = excluded.columns, saved_at = clock_timestamp()`,
);

export async function mappingNamed(tx: Tx, name: string): Promise<MappingRow | undefined> {
  return (await tx.query<MappingRow>(byName, [tx.tenantId, name]))[0];
}

export function mappingPage(tx: Tx, args: { afterName: string | undefined; limit: number }) {
  return tx.query<MappingRow>(page, [tx.tenantId, args.afterName ?? null, args.limit]);
}

export async function saveMappingRow(
  tx: Tx,
  { name, columns: mapped }: { name: string; columns: MappedColumn[] },
): Promise<void> {
  await tx.query(save, [tx.tenantId, name, JSON.stringify(mapped)]);
}
