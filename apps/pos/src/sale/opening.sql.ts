import { sql, type Database } from '@onecount/db';
import type { PriceEntry } from '../price/price.ts';
import { resultOf, type KeyRecord, type KeyUse, type Step } from './sale.sql.ts';
import type { Sale, SaleLine, Tender } from './sale.ts';
import type { FixedTax } from '../tax/sale-tax.ts';

// What begins a sale, one round trip each; the functions are in the .sql files of this folder.

export type SaleOpening = {
  id: string;
  channel: Sale['channel'];
  registerId: string | null;
  locationId: string | null;
  locationCode: string | null;
  currencyCode: string;
  externalId: string | null;
  customerId: string | null;
  subject: string;
  /** Who sells, where that is not the subject. */
  salesperson?: string;
};

/** Why a sale does not begin there: nothing was written. */
export type PlaceOutcome =
  | 'REGISTER_UNKNOWN'
  | 'REGISTER_CLOSED'
  | 'LOCATION_UNKNOWN'
  | 'CUSTOMER_UNKNOWN'
  | 'CUSTOMER_ERASED'
  | 'EXTERNAL_ID_TAKEN';

const prepareStatement = sql('pos.sale-prepare', 'SELECT sale_prepare($1, $2, $3, $4) AS result');

export type Preparation = {
  record: KeyRecord | null;
  /** Of the record, or the one that has the external id. */
  sale: Sale | null;
  outcome: 'FREE' | PlaceOutcome;
  /** The register's, else the one that was asked for. */
  locationId: string | null;
  /** Whether its tenant has rules or settings of tax. */
  isTaxed: boolean;
  /** By SKU; one that POS does not know is not there. */
  prices: Record<string, PriceEntry>;
};

/** What must be known before the lines of a new sale are asked for. */
export async function readForOpening(
  db: Database,
  use: KeyUse,
  { sale, skus }: { sale: SaleOpening; skus: string[] },
): Promise<Preparation> {
  const values = [use.tenantId, use.key, JSON.stringify(sale), skus];
  return resultOf<Preparation>(db, prepareStatement, values);
}

const openStatement = sql('pos.sale-open', 'SELECT sale_open($1, $2, $3, $4) AS result');

export async function insertSale(
  db: Database,
  use: KeyUse,
  sale: SaleOpening & { lines?: SaleLine[]; totalMinor?: number },
): Promise<Step<'OPENED' | 'KEY_USED' | PlaceOutcome>> {
  type Result = Step<'OPENED' | 'KEY_USED' | PlaceOutcome>;
  const values = [use.tenantId, use.key, use.hash, JSON.stringify(sale)];
  return resultOf<Result>(db, openStatement, values);
}

const recordStatement = sql('pos.sale-record', 'SELECT sale_record($1, $2, $3, $4, $5) AS result');

const taxedRecordStatement = sql(
  'pos.sale-record-taxed',
  'SELECT sale_record_taxed($1, $2, $3, $4, $5) AS result',
);

export type SaleIntent = SaleOpening & {
  /** The mutation whose key it has. */
  operation: string;
  totalMinor: number;
  lines: SaleLine[];
  tenders: Tender[];
  /** Of a sale that a register made without a connection: under which lease, and when. */
  leaseId?: string;
  soldAt?: string;
  /** What of the total is tax; null: its tenant taxes nothing. */
  tax: FixedTax | null;
};
/** `sale` with KEY_USED and EXTERNAL_ID_TAKEN; the other members with PENDING. */
export type Recorded = Step<'PENDING' | 'KEY_USED' | 'TENDERS_CHANGED' | PlaceOutcome> &
  Pick<Sale, 'locationId' | 'locationCode' | 'openedAt' | 'version'>;

/** The intent of a sale that is paid already: from here the sweeper brings it to its end. */
export async function insertPending(
  db: Database,
  use: KeyUse,
  { sale, settleSeconds }: { sale: SaleIntent; settleSeconds: number },
): Promise<Recorded> {
  const values = [use.tenantId, use.key, use.hash, JSON.stringify(sale), settleSeconds];
  return resultOf<Recorded>(db, sale.tax ? taxedRecordStatement : recordStatement, values);
}
