import { idempotencyTable, migration, sql, tenantTable, uuidv7, type Tx } from '../src/index.ts';

export const createBrooch = migration(
  'CreateBrooch1762000000001',
  `CREATE TABLE brooch (
     tenant_id uuid NOT NULL,
     id uuid NOT NULL,
     name text NOT NULL,
     weight_milligrams bigint NOT NULL DEFAULT 0,
     CONSTRAINT brooch_pkey PRIMARY KEY (tenant_id, id),
     CONSTRAINT brooch_name_unique UNIQUE (tenant_id, name)
   );
   ${tenantTable('brooch', { systemRoles: ['sweeper'] })}
   CREATE TABLE entry (
     tenant_id uuid NOT NULL,
     id uuid NOT NULL,
     CONSTRAINT entry_pkey PRIMARY KEY (tenant_id, id)
   );
   ${tenantTable('entry', { appendOnly: true })}
   ${idempotencyTable}`,
);

export const insertBrooch = sql(
  'test.brooch',
  'INSERT INTO brooch (tenant_id, id, name) VALUES ($1, $2, $3)',
);
export const names = (tx: Tx) =>
  tx
    .query<{ name: string }>('SELECT name FROM brooch ORDER BY name')
    .then((rows) => rows.map((r) => r.name));
export const addBrooch = (tx: Tx, name: string) =>
  tx.query(insertBrooch, [tx.tenantId, uuidv7(), name]);
