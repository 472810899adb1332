import {
  verifiedServices,
  type Row,
  type Sources,
  type VerifiedService,
} from '../../verify/sources.ts';

/** Every row of a tenant in every table of every database, as text: `service.table` → rows in order. */
export type Possessions = Map<string, string[]>;

const tablesText = `
  SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND EXISTS (
    SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
  ORDER BY c.relname`;

export async function possessionsOf(sources: Sources, tenantId: string): Promise<Possessions> {
  const found: Possessions = new Map();
  for (const service of verifiedServices) {
    for (const { name } of await sources.rows<{ name: string }>(service, tablesText)) {
      // When a row was published is no fact of the tenant's; that it is there, and what it says, are.
      const rows = await sources.rows<{ row: Row }>(
        service,
        `SELECT to_jsonb(t) - 'published_at' AS row FROM "${name}" t WHERE tenant_id = $1`,
        [tenantId],
      );
      found.set(`${service}.${name}`, rows.map(({ row }) => JSON.stringify(row)).sort());
    }
  }
  return found;
}

/** What is in one of the two and not in the other, by table. */
export function changesBetween(before: Possessions, after: Possessions): string[] {
  return [...after].flatMap(([table, rows]) => {
    const old = new Set(before.get(table));
    const now = new Set(rows);
    return [
      ...[...old].filter((row) => !now.has(row)).map((row) => `${table} lost ${row}`),
      ...rows.filter((row) => !old.has(row)).map((row) => `${table} gained ${row}`),
    ];
  });
}

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export function idsIn(possessions: Possessions): Set<string> {
  return new Set([...possessions.values()].flat().flatMap((row) => row.match(uuids) ?? []));
}

/** Finds what of a tenant stands in a text. */
export function createWatch(tenant: { marker: string; ids: ReadonlySet<string> }) {
  const marked = new RegExp(`${tenant.marker}[a-z0-9-]*`, 'g');
  const belongsTo = (value: string) =>
    value.includes(tenant.marker) || (value.match(uuids) ?? []).some((id) => tenant.ids.has(id));
  return {
    /** `sent`: what the asker said itself; hearing it back reveals nothing. */
    leaksIn(text: string, sent: Iterable<string> = []): string[] {
      let rest = text.toLowerCase();
      const known = [...sent].map((value) => value.toLowerCase()).filter(belongsTo);
      // The longest first: a short one may be part of it.
      for (const value of known.sort((a, b) => b.length - a.length)) {
        rest = rest.replaceAll(JSON.stringify(value).slice(1, -1), '');
      }
      const ids = (rest.match(uuids) ?? []).filter((id) => tenant.ids.has(id));
      return [...new Set([...(rest.match(marked) ?? []), ...ids])];
    },
  };
}
export type Watch = ReturnType<typeof createWatch>;

/** Every string in a value, however deep. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

/** What a tenant's things are called and numbered, by kind: the first ones are the most telling. */
export type Pools = Map<string, string[]>;

// Kinds of ids are called as the GraphQL type is.
const idTables: Record<string, [VerifiedService, string]> = {
  product: ['catalog', 'product'],
  variant: ['catalog', 'variant'],
  vendor: ['catalog', 'vendor'],
  category: ['catalog', 'category'],
  productGroup: ['catalog', 'product_group'],
  productDraft: ['catalog', 'product_draft'],
  upload: ['catalog', 'upload'],
  media: ['catalog', 'media'],
  priceList: ['catalog', 'price_list'],
  labelTemplate: ['catalog', 'label_template'],
  productImport: ['catalog', 'product_import'],
  stockItem: ['inventory', 'stock_item'],
  location: ['inventory', 'location'],
  serialUnit: ['inventory', 'serial_unit'],
  hold: ['inventory', 'hold'],
  stocktake: ['inventory', 'stocktake'],
  transfer: ['inventory', 'transfer'],
  transferLine: ['inventory', 'transfer_line'],
  stockReceipt: ['inventory', 'stock_receipt'],
  itemLedgerEntry: ['inventory', 'item_ledger_entry'],
  sale: ['pos', 'sale'],
  saleLine: ['pos', 'sale_line'],
  saleReturn: ['pos', 'sale_return'],
  lease: ['pos', 'lease'],
  consignmentReturn: ['pos', 'consignment_return'],
  saleDiscount: ['pos', 'sale_discount'],
  taxRule: ['pos', 'tax_rule'],
  promotion: ['pos', 'promotion'],
  register: ['pos', 'register'],
  shift: ['pos', 'shift'],
  zReport: ['pos', 'z_report'],
  print: ['pos', 'receipt_print'],
  customer: ['pos', 'customer'],
  consignmentAgreement: ['pos', 'consignment_agreement'],
  agreement: ['pos', 'consignment_agreement'],
  piece: ['pos', 'consignment_piece'],
  rental: ['pos', 'rental'],
  owner: ['pos', 'customer'],
  storedValue: ['pos', 'stored_value'],
  repair: ['workshop', 'repair'],
  passport: ['passport', 'passport'],
  connection: ['storefront-sync', 'connection'],
  listing: ['storefront-sync', 'listing'],
};

const names: Record<string, [VerifiedService, string]> = {
  promotionCode: ['pos', 'SELECT code FROM promotion WHERE tenant_id = $1 ORDER BY id'],
  handle: ['catalog', 'SELECT handle FROM product WHERE tenant_id = $1 ORDER BY id'],
  contentHash: [
    'catalog',
    'SELECT sha256 FROM media_file WHERE tenant_id = $1 ORDER BY created_at',
  ],
  barcode: ['catalog', 'SELECT barcode FROM variant WHERE tenant_id = $1 ORDER BY id'],
  categoryPath: ['catalog', 'SELECT path FROM category WHERE tenant_id = $1 ORDER BY id'],
  vendorName: ['catalog', 'SELECT name FROM vendor WHERE tenant_id = $1 ORDER BY id'],
  title: ['catalog', 'SELECT title FROM product WHERE tenant_id = $1 ORDER BY id'],
  locationCode: ['inventory', `SELECT code FROM location WHERE tenant_id = $1 ORDER BY code`],
  stockNumber: [
    'inventory',
    'SELECT stock_number FROM serial_unit WHERE tenant_id = $1 ORDER BY id',
  ],
  code: ['inventory', 'SELECT code FROM stock_code WHERE tenant_id = $1 ORDER BY code'],
  supplier: [
    'inventory',
    'SELECT supplier FROM stock_receipt WHERE tenant_id = $1 ORDER BY id DESC',
  ],
  documentNumber: [
    'inventory',
    'SELECT document_number FROM stock_receipt WHERE tenant_id = $1 ORDER BY id DESC',
  ],
  batchKey: ['inventory', 'SELECT batch_key FROM stocktake_batch WHERE tenant_id = $1 ORDER BY id'],
  device: ['inventory', 'SELECT device FROM stocktake_batch WHERE tenant_id = $1 ORDER BY id'],
  externalId: ['pos', 'SELECT external_id FROM sale WHERE tenant_id = $1 ORDER BY id'],
  customerName: [
    'pos',
    'SELECT name FROM customer_profile WHERE tenant_id = $1 ORDER BY customer_id',
  ],
  layBy: ['pos', 'SELECT sale_id FROM lay_by WHERE tenant_id = $1 ORDER BY sale_id'],
  ticketNumber: ['workshop', 'SELECT ticket_number FROM repair WHERE tenant_id = $1 ORDER BY id'],
  // One unit of each item, so that the n-th serial belongs to the n-th SKU.
  sku: [
    'inventory',
    `SELECT sku FROM stock_item WHERE tenant_id = $1 ORDER BY tracking = 'SERIAL' DESC, id`,
  ],
  serial: [
    'inventory',
    `SELECT (SELECT min(u.serial) FROM serial_unit u
              WHERE u.tenant_id = i.tenant_id AND u.stock_item_id = i.id AND u.status = 'AVAILABLE')
       FROM stock_item i WHERE i.tenant_id = $1 AND i.tracking = 'SERIAL' ORDER BY i.id`,
  ],
};

export async function poolsOf(sources: Sources, tenantId: string): Promise<Pools> {
  const pools: Pools = new Map();
  const texts: [string, VerifiedService, string][] = Object.entries(idTables).map(
    ([kind, [service, table]]) => [
      kind,
      service,
      `SELECT id FROM ${table} WHERE tenant_id = $1 ORDER BY id`,
    ],
  );
  for (const [kind, [service, text]] of Object.entries(names)) texts.push([kind, service, text]);
  for (const [kind, service, text] of texts) {
    const rows = await sources.rows(service, text, [tenantId]);
    const values = rows.flatMap((row) => Object.values(row)).filter((value) => value !== null);
    pools.set(kind, [...new Set(values as string[])]);
  }
  return pools;
}
