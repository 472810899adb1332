import { uuidv7 } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { isRefusal } from '@onecount/refusal';
import { pricingOf, unlisted, type Pricing } from '../discount/own-price.ts';
import { ownPriceRefusal } from '../discount/own-price.service.ts';
import type { LocationService } from '../location/location.service.ts';
import type { PriceEntry } from '../price/price.ts';
import type { PriceService } from '../price/price.service.ts';
import { driven, type CheckoutParts } from './checkout.service.ts';
import { keepingRefusal, keyUseOf, refusedBefore, type Caller } from './idempotency.ts';
import { knownEntries, skusOf } from './held-lines.ts';
import { fulfilFromOf, placedLines } from './line-place.ts';
import { atKnownLocation, unknownPlace, type Unmet } from './opening.service.ts';
import { openingOf, placeRefusal, pricesOf, totalWithin, type OpeningInput } from './opening.ts';
import { insertPending, readForOpening, type Recorded, type SaleIntent } from './opening.sql.ts';
import {
  tenderMismatch,
  type PaidSaleRefusal,
  type SaleRecordRefusal,
  type TenderRefusal,
} from './sale.errors.ts';
import { checkRecord, type SaleLineInput, type SaleRecordInput } from './sale.input.ts';
import type { KeyUse } from './sale.sql.ts';
import { undiscounted, type Sale, type SaleLine, type Tender } from './sale.ts';
import { withStoredValues, type FoundTender } from '../stored-value/tender-value.ts';
import { taxOfRecord } from '../tax/sale-tax.sql.ts';
import { checkSum, sumOf, tendersOf } from './tender.ts';

export type RecordParts = CheckoutParts & { prices: PriceService; locations: LocationService };
export type RecordService = ReturnType<typeof createRecordService>;
type Sold = { __typename: 'SaleRecordSuccess'; sale: Sale };
const success = 'SaleRecordSuccess';
const operation = 'saleRecord';

export function createRecordService(parts: RecordParts) {
  return {
    record: (caller: Caller, input: SaleRecordInput) =>
      keepingRefusal(parts.db, caller, { operation, input }, () =>
        recordSale(parts, caller, input),
      ),
  };
}

/**
 * A sale that is paid already, in one call: its intent is stored PENDING with lines and tenders, and from
 * there it is a checkout like any other, driven by whoever comes (ADR 0060). It takes no holds: the claim
 * finds nothing held for it and takes the stock itself.
 */
async function recordSale(
  parts: RecordParts,
  caller: Caller,
  input: SaleRecordInput,
): Promise<Sold | SaleRecordRefusal> {
  const invalid = checkRecord(input) ?? unknownPlace(input);
  if (invalid) return invalid;
  const use = keyUseOf(caller, input);
  return atKnownLocation(parts, caller, input, () => attempt(parts, caller, { use, input }));
}

async function attempt(
  parts: RecordParts,
  caller: Caller,
  { use, input }: { use: KeyUse; input: SaleRecordInput },
): Promise<Sold | SaleRecordRefusal | Unmet> {
  const opening = openingOf(caller, input);
  const skus = skusOf(input.lines);
  const read = await readForOpening(parts.db, use, { sale: opening, skus });
  if (read.record) {
    const { record, sale } = read;
    return replayed(parts, caller, { record, sale, use, operation }, success);
  }
  const unpriced =
    input.channel === 'COUNTER' && (await ownPriceRefusal(parts.db, caller, input.lines));
  if (unpriced) return unpriced;
  const lines = await placedLines(parts, caller, input.lines);
  if (isRefusal(lines)) return lines;
  const entries = await knownEntries(parts, caller, { skus, prices: read.prices });
  const tenders = await withStoredValues(parts.db, caller, input.tenders);
  const decided = decideRecord({ ...input, lines, tenders }, entries, caller.subject);
  if (isRefusal(decided)) return decided;
  const { isTaxed, locationId } = read;
  const tax = isTaxed
    ? await taxOfRecord(parts.db, caller.tenantId, { ...decided, locationId })
    : null;
  const recording = { use, input, intent: { ...opening, ...decided, operation, tax } };
  const answer = await storeRecorded(parts, caller, recording, success);
  // Somebody spent from a card meanwhile: what is on it now decides.
  return answer === 'TENDERS_CHANGED' ? attempt(parts, caller, { use, input }) : answer;
}

type Recording = { use: KeyUse; input: OpeningInput; intent: SaleIntent };

/** The intent, and from there a checkout like any other. */
export async function storeRecorded<Name extends string>(
  parts: RecordParts,
  caller: Caller,
  { use, input, intent }: Recording,
  success: Name,
) {
  crashAt('sale.record.before-commit');
  const settleSeconds = parts.settings.sweepAfterSeconds;
  const step = await insertPending(parts.db, use, { sale: intent, settleSeconds });
  switch (step.outcome) {
    case 'PENDING':
      crashAt('sale.record.after-commit');
      return driven(parts, caller, pendingOf(intent, step, use.key), success);
    case 'KEY_USED':
      return replayed(
        parts,
        caller,
        { record: step.record!, sale: step.sale ?? null, use, operation: intent.operation },
        success,
      );
    case 'TENDERS_CHANGED':
    case 'LOCATION_UNKNOWN':
      return step.outcome;
    default:
      return placeRefusal(step.outcome, { input, sale: step.sale });
  }
}

type Replay = Pick<Required<Recorded>, 'record' | 'sale'> & { use: KeyUse; operation: string };

function replayed<Name extends string>(
  parts: RecordParts,
  caller: Caller,
  { record, sale, use, operation }: Replay,
  success: Name,
) {
  return (
    refusedBefore<PaidSaleRefusal>(record, use, operation) ?? driven(parts, caller, sale!, success)
  );
}

type Decided = Pick<SaleIntent, 'lines' | 'tenders' | 'totalMinor'>;

/** Everything that can be refused before anything is written, in the order of sale.errors.ts. */
function decideRecord(
  input: Omit<SaleRecordInput, 'tenders'> & { tenders: readonly FoundTender[] },
  entries: ReadonlyMap<string, PriceEntry>,
  subject: string,
): Decided | SaleRecordRefusal {
  const { currencyCode } = input;
  const prices = pricesOf(input.lines, { entries, currencyCode });
  if (isRefusal(prices)) return prices;
  const lines = input.lines.map((line, index) =>
    recordedLine(line, {
      ...{ entry: entries.get(line.sku)!, unitPriceMinor: prices[index]! },
      pricing: pricingOf(entries.get(line.sku)!, line, { currencyCode, subject }),
    }),
  );
  const totalMinor = totalWithin(lines);
  if (typeof totalMinor !== 'number') return totalMinor;
  const tenders = paidExactly(input.tenders, { totalMinor, currencyCode });
  return isRefusal(tenders) ? tenders : { lines, tenders, totalMinor };
}

/** The tenders of a sale that is paid already: together its total, and no change. */
export function paidExactly(
  inputs: readonly FoundTender[],
  { totalMinor, currencyCode }: Pick<Sale, 'totalMinor' | 'currencyCode'>,
): Tender[] | TenderRefusal {
  const tenders = tendersOf(inputs, currencyCode);
  if (isRefusal(tenders)) return tenders;
  const tooMuch = checkSum(tenders);
  if (tooMuch) return tooMuch;
  const tenderedMinor = sumOf(tenders);
  if (tenderedMinor !== totalMinor)
    return tenderMismatch({ totalMinor, currencyCode }, tenderedMinor, { givesChange: false });
  return tenders;
}

type Known = Pick<SaleLine, 'variantId' | 'sku' | 'title' | 'tracking'>;

export function recordedLine(
  line: SaleLineInput,
  {
    entry,
    unitPriceMinor,
    pricing = unlisted,
  }: { entry: Known; unitPriceMinor: number; pricing?: Pricing },
): SaleLine {
  const { serial, locationId } = line;
  const quantity = line.quantity ?? 1;
  const { variantId, sku, title, tracking } = entry;
  return {
    id: uuidv7(),
    stockItemId: null,
    ...{ variantId, sku, title, tracking },
    serialUnitId: null,
    serial: serial || null,
    locationId: locationId ?? null,
    fulfilFrom: fulfilFromOf(line),
    quantity,
    unitPriceMinor,
    ...undiscounted({ unitPriceMinor, quantity }),
    ...pricing,
    holdId: null,
    heldUntil: null,
    note: null,
    units: [],
  };
}

// What the intent has written is known here: no need to read it back.
function pendingOf(intent: SaleIntent, step: Recorded, commitKey: string): Sale {
  const { subject: _, operation: __, leaseId = null, soldAt = null, tax, ...sale } = intent;
  const { locationId, locationCode, openedAt, version } = step;
  return {
    ...sale,
    ...{ locationId, locationCode, openedAt, version, commitKey },
    lines: intent.lines.map((line) => ({ ...line, locationId: line.locationId ?? locationId })),
    status: 'PENDING',
    ...{ taxTerms: null, taxes: tax?.taxes ?? [], taxExemption: null, roundingMinor: 0 },
    changeMinor: 0,
    receiptNumber: null,
    committedAt: null,
    voidedAt: null,
    voidReason: null,
    refusalReasons: null,
    isReleaseConfirmed: false,
    ...{
      paymentDueAt: null,
      claimedAt: null,
      isLayBy: false,
      lateOf: null,
      exchangeOf: null,
      refund: null,
      leaseId,
      soldAt,
    },
    ...{ name: null, parkedAt: null, parkedBy: null },
    discounts: [],
  };
}
