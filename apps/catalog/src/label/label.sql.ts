import { sql, type Tx } from '@onecount/db';
import { isUuid } from '@onecount/refusal';
import type { LabelPrint } from './label-file.ts';
import type { LabelSpec } from './label.ts';

export type LabelTemplateRow = LabelSpec & { id: string; version: number };

type Kept = { id: string; version: number; spec: LabelSpec };
const rowOf = ({ spec, ...row }: Kept): LabelTemplateRow => ({ ...spec, ...row });

const insert = sql(
  'catalog.label-template-insert',
  'INSERT INTO label_template (tenant_id, id, spec) VALUES ($1, $2, $3)',
);
const replace = sql(
  'catalog.label-template-replace',
  `UPDATE label_template SET spec = $3, version = version + 1, updated_at = now()
   WHERE tenant_id = $1 AND id = $2`,
);
const remove = sql(
  'catalog.label-template-remove',
  'DELETE FROM label_template WHERE tenant_id = $1 AND id = $2 RETURNING id',
);
const byId = sql(
  'catalog.label-template',
  'SELECT id, version, spec FROM label_template WHERE tenant_id = $1 AND id = $2',
);
const lock = sql(
  'catalog.label-template-lock',
  'SELECT id, version, spec FROM label_template WHERE tenant_id = $1 AND id = $2 FOR UPDATE',
);
const all = sql(
  'catalog.label-templates',
  `SELECT id, version, spec FROM label_template WHERE tenant_id = $1
   ORDER BY lower(spec->>'name'), id`,
);
// Two templates at once are counted one after the other.
const serialise = sql(
  'catalog.label-template-serialise',
  `SELECT pg_advisory_xact_lock(hashtextextended('label_template ' || $1::text, 0))`,
);
const count = sql(
  'catalog.label-template-count',
  'SELECT count(*)::integer AS total FROM label_template WHERE tenant_id = $1',
);
const insertPrintOf = sql(
  'catalog.label-print-insert',
  `INSERT INTO label_print (tenant_id, id, spec, labels, skip) VALUES ($1, $2, $3, $4, $5)`,
);
const printById = sql(
  'catalog.label-print',
  `SELECT spec, labels, skip, created_at AS "createdAt" FROM label_print
   WHERE tenant_id = $1 AND id = $2`,
);

export async function insertTemplate(tx: Tx, id: string, spec: LabelSpec): Promise<void> {
  await tx.query(insert, [tx.tenantId, id, JSON.stringify(spec)]);
}
export async function replaceTemplate(tx: Tx, id: string, spec: LabelSpec): Promise<void> {
  await tx.query(replace, [tx.tenantId, id, JSON.stringify(spec)]);
}
export async function removeTemplate(tx: Tx, id: string): Promise<boolean> {
  return isUuid(id) && (await tx.query(remove, [tx.tenantId, id])).length === 1;
}
export async function templateById(
  tx: Tx,
  id: string,
  { isLocked = false } = {},
): Promise<LabelTemplateRow | undefined> {
  if (!isUuid(id)) return undefined;
  return (await tx.query<Kept>(isLocked ? lock : byId, [tx.tenantId, id])).map(rowOf)[0];
}
export async function templates(tx: Tx): Promise<LabelTemplateRow[]> {
  return (await tx.query<Kept>(all, [tx.tenantId])).map(rowOf);
}
export async function templatesTotal(tx: Tx): Promise<number> {
  await tx.query(serialise, [tx.tenantId]);
  return (await tx.query<{ total: number }>(count, [tx.tenantId]))[0]?.total ?? 0;
}

export async function insertPrint(
  tx: Tx,
  id: string,
  { spec, labels, skip }: Omit<LabelPrint, 'createdAt'>,
): Promise<void> {
  const values = [JSON.stringify(spec), JSON.stringify(labels), skip];
  await tx.query(insertPrintOf, [tx.tenantId, id, ...values]);
}
export async function labelPrintById(tx: Tx, id: string): Promise<LabelPrint | undefined> {
  return (await tx.query<LabelPrint>(printById, [tx.tenantId, id]))[0];
}
