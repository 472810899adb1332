import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { sql, type Database } from '@onecount/db';
import {
  invalidInput,
  isUuid,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type { Caller } from '../sale/idempotency.ts';
import type {
  SaleHoldsRenewInput,
  SaleLineAddInput,
  SaleLineUpdateInput,
  SaleOpenInput,
} from '../sale/sale.input.ts';

/**
 * Whether the caller may do this only with a basket's secret: a public shop's token, which every visitor of the shop has.
 * `staffScope` is what the operation asks of others.
 */
export function isBuyer({ scopes }: Caller, staffScope: 'sale:write' | 'sale:read'): boolean {
  if (!scopes?.has('shop:sell')) return false;
  return !scopes.has(staffScope) && !scopes.has('admin');
}

/** 256 random bits: a plain hash keeps them. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function secretHashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

const secretStatement = sql(
  'pos.sale-secret',
  'SELECT secret_hash AS hash FROM sale WHERE tenant_id = $1 AND id = $2',
);
const nobodys = randomBytes(32);

export type Own = { saleId: string; basketSecret?: string | null };

/** Whether the caller's secret opens this basket; of one that is not there, in the same time and by the same words, not. */
export async function isOwn(db: Database, { tenantId }: Caller, own: Own): Promise<boolean> {
  if (!isUuid(own.saleId)) return false;
  const rows = await db.read(tenantId, (tx) =>
    tx.query<{ hash: Buffer | null }>(secretStatement, [tenantId, own.saleId]),
  );
  const hash = rows[0]?.hash ?? null;
  const isEqual = timingSafeEqual(secretHashOf(own.basketSecret ?? ''), hash ?? nobodys);
  return isEqual && hash !== null;
}

/**
 * Runs a use case on a basket. A public shop's token is refused before anything else: a basket that is not its own is none,
 * and of what is given some is the shop's to say (`check`).
 */
export async function withSecret<I extends Own, A>(
  db: Database,
  caller: Caller,
  { input, check }: { input: I; check?(input: I): InvalidInput | undefined },
  run: () => Promise<A>,
): Promise<A | NotFound | InvalidInput> {
  if (!isBuyer(caller, 'sale:write')) return run();
  if (!(await isOwn(db, caller, input))) return notFound('Sale', input.saleId);
  return check?.(input) ?? unseen(await run());
}

/** What is not on sale answers a public shop as what does not exist, as inventory's holds do. */
function unseen<A>(answer: A): A | NotFound {
  const { __typename, sku } = answer as { __typename?: string; sku?: string };
  return __typename === 'NotForSale' ? notFound('Variant', sku!) : answer;
}

const staffOnly = (field: string) =>
  invalidInput(field, `${field} is not for a public shop's token.`);

type Given = Record<string, unknown>;
const firstGiven = (input: Given, fields: readonly string[]) =>
  fields.find((field) => input[field] !== undefined && input[field] !== null);

/** Lines come with the secret, so that a lost answer leaves nothing held. */
export function checkBuyerOpens(input: SaleOpenInput): InvalidInput | undefined {
  if (input.channel !== 'WEB')
    return invalidInput('channel', "A public shop's token sells on the web.", input.channel);
  const field = firstGiven(input, ['externalId', 'customerId', 'lines']);
  return field === undefined ? undefined : staffOnly(field);
}

/** By SKU, or a hold with its secret: codes and serials would tell a stranger which there are. The price is the shop's. */
export function checkBuyerAdds(input: SaleLineAddInput): InvalidInput | undefined {
  const field = firstGiven(input, ['unitPrice', 'priceReason', 'code', 'holdReason']);
  if (field !== undefined) return staffOnly(field);
  if (input.holdId && !input.holdSecret)
    return invalidInput('holdSecret', "A public shop's token takes a hold over with its secret.");
  return input.sku || input.holdId ? undefined : invalidInput('sku', 'Name the piece by its SKU.');
}

export function checkBuyerChanges(input: SaleLineUpdateInput): InvalidInput | undefined {
  const field = firstGiven(input, ['unitPrice', 'priceReason', 'note']);
  return field === undefined ? undefined : staffOnly(field);
}

export function checkBuyerRenews(input: SaleHoldsRenewInput): InvalidInput | undefined {
  return firstGiven(input, ['holdSeconds']) === undefined ? undefined : staffOnly('holdSeconds');
}

export function checkBuyerChecksOut(input: Own & { paymentSeconds?: number | null }) {
  return firstGiven(input, ['paymentSeconds']) === undefined
    ? undefined
    : staffOnly('paymentSeconds');
}
