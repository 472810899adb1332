import type { Money } from '@onecount/money';
import { isRefusal, isUuid, notFound } from '@onecount/refusal';
import { registersByIds } from '../register/register.sql.ts';
import { pricesBySku } from '../price/price.sql.ts';
import { knownEntries, skusOf } from '../sale/held-lines.ts';
import { keyUseOf, type Caller } from '../sale/idempotency.ts';
import { ownPriceOf } from '../sale/line-price.ts';
import { lineRefusal, openingOf, totalWithin } from '../sale/opening.ts';
import {
  paidExactly,
  recordedLine,
  storeRecorded,
  type RecordParts,
} from '../sale/record.service.ts';
import { taxOfRecord } from '../tax/sale-tax.sql.ts';
import { saleLinesRefused, type SaleLineRefusal } from '../sale/sale.errors.ts';
import { checkRecord, type TenderInput } from '../sale/sale.input.ts';
import { checkTimes, soldAtOf, type DeviceTimes, type Lease } from './lease.ts';
import { leasesByIds } from './lease.sql.ts';

type OfflineLine = {
  sku: string;
  serial?: string | null;
  quantity?: number | null;
  unitPrice: Money;
};
export type OfflineSaleRecordInput = DeviceTimes & {
  leaseId: string;
  currencyCode: string;
  lines: OfflineLine[];
  tenders: TenderInput[];
  customerId?: string | null;
  idempotencyKey: string;
};
export type OfflineSaleService = ReturnType<typeof createOfflineSaleService>;

/**
 * A sale that was made already, and nobody can take back: it is a recorded sale (ADR 0130) whose claim is given first what
 * its lease has. No price and no status of a product is asked about. A refusal is not kept under the key: the device asks
 * again until the sale is in the books. No card and no credit is looked up: what is on it was not known without a connection.
 */
export function createOfflineSaleService(parts: RecordParts) {
  return {
    async record(caller: Caller, input: OfflineSaleRecordInput) {
      const { leaseId, deviceTime: _, ...sold } = input;
      if (!isUuid(leaseId)) return notFound('Lease', leaseId);
      const lease = await leaseOf(parts, caller, leaseId.toLowerCase());
      if (!lease) return notFound('Lease', leaseId);
      const terms = { channel: 'COUNTER' as const, registerId: lease.registerId };
      const invalid = checkRecord({ ...sold, ...terms }) ?? checkTimes(input);
      if (invalid) return invalid;
      if (sold.customerId && !isUuid(sold.customerId)) return notFound('Customer', sold.customerId);
      const decided = await decide(parts, caller, { input, lease });
      if (isRefusal(decided)) return decided;
      const operation = 'offlineSaleRecord';
      const intent = { ...openingOf(caller, { ...sold, ...terms }), ...decided, operation };
      // What the clock of the device says now is another thing each time.
      const use = keyUseOf(caller, { leaseId, ...sold });
      const stored = { use, intent, input: { ...sold, ...terms } };
      const answer = await storeRecorded(parts, caller, stored, 'OfflineSaleRecordSuccess');
      if (typeof answer === 'string' || answer.__typename === 'ExternalIdTaken')
        throw new Error(`an offline sale of register ${lease.registerId} has no place of its own`);
      return answer;
    },
  };
}

async function leaseOf({ db }: RecordParts, { tenantId }: Caller, id: string) {
  const [lease] = await db.read(tenantId, (tx) => leasesByIds(tx, [id]));
  return lease;
}

type Sold = { input: OfflineSaleRecordInput; lease: Lease };

async function decide(parts: RecordParts, caller: Caller, { input, lease }: Sold) {
  const lines = await linesOf(parts, caller, { input, lease });
  if (isRefusal(lines)) return lines;
  const totalMinor = totalWithin(lines);
  if (typeof totalMinor !== 'number') return totalMinor;
  const tenders = paidExactly(input.tenders, { totalMinor, currencyCode: input.currencyCode });
  if (isRefusal(tenders)) return tenders;
  const { takenAt } = lease;
  const soldAt = soldAtOf(input, { takenAt, now: new Date() }).toISOString();
  const sold = { leaseId: lease.id, soldAt, lines, tenders, totalMinor };
  const [register] = await parts.db.read(caller.tenantId, (tx) =>
    registersByIds(tx, [lease.registerId]),
  );
  const { locationId } = register!;
  return { ...sold, tax: await taxOfRecord(parts.db, caller.tenantId, { ...sold, locationId }) };
}

/** What the lease has is known by it; anything else must at least have a SKU that there is. */
async function linesOf(parts: RecordParts, caller: Caller, { input, lease }: Sold) {
  const { currencyCode } = input;
  const leased = new Map(lease.lines.map((line) => [line.sku, line]));
  const skus = skusOf(input.lines).filter((sku) => !leased.has(sku));
  const prices =
    skus.length > 0 ? await parts.db.read(caller.tenantId, (tx) => pricesBySku(tx, skus)) : {};
  const others = await knownEntries(parts, caller, { skus, prices });
  const refusals: SaleLineRefusal[] = [];
  const lines = input.lines.flatMap((line, index) => {
    const entry = leased.get(line.sku) ?? others.get(line.sku);
    const price = entry
      ? ownPriceOf(line.unitPrice, { currencyCode, prefix: `lines.${index}.` })
      : notFound('Variant', line.sku);
    if (typeof price === 'number')
      return recordedLine(line, { entry: entry!, unitPriceMinor: price });
    refusals.push(lineRefusal(line, { index, refusal: price }));
    return [];
  });
  return refusals.length > 0 ? saleLinesRefused(refusals) : lines;
}
