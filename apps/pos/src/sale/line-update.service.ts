import { idempotencyKeyReused } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { isRefusal, isUuid, notFound } from '@onecount/refusal';
import { ownPriceRefusal } from '../discount/own-price.service.ts';
import { keyUseOf, refusedBefore, type Caller } from './idempotency.ts';
import type { HoldRefusal, PlacedHold } from './inventory.client.ts';
import { holdRefusal, released, renewed, type BasketDeps } from './line.service.ts';
import { anyLocationOf } from './line-place.ts';
import { changedLine } from './line-update.ts';
import { saleNotOpen, type LineUpdateRefusal } from './sale.errors.ts';
import { checkLineUpdate, type SaleLineUpdateInput } from './sale.input.ts';
import { readForCheckout, readSale, storeUpdate, type KeyRecord, type KeyUse } from './sale.sql.ts';
import { lineAsItIs, takesLines, type LineOfSale, type Sale, type SaleLine } from './sale.ts';

type LineUpdated = { __typename: 'SaleLineUpdateSuccess'; sale: Sale; line: LineOfSale };
type Answer = LineUpdated | LineUpdateRefusal;

// As many tills on one basket may each change it once while this one decides.
const readsMax = 50;

/**
 * More: first the hold, then the line. Less: first the line, then the hold. Whatever dies in between, the hold is larger than
 * the line and never smaller, and the next change of the line, the claim or the end of the basket puts it right (ADR 0200).
 */
export async function updateLine(
  deps: BasketDeps,
  caller: Caller,
  input: SaleLineUpdateInput,
): Promise<Answer> {
  const invalid = checkLineUpdate(input);
  if (invalid) return invalid;
  if (!isUuid(input.saleId)) return notFound('Sale', input.saleId);
  if (!isUuid(input.lineId)) return notFound('SaleLine', input.lineId);
  const use = keyUseOf(caller, input);
  for (let read = 1; read <= readsMax; read += 1) {
    const answer = await attempt(deps, caller, { use, input });
    if (answer === 'CHANGED') continue;
    // An attempt before this one may have made the hold larger for nothing.
    return read > 1 && isRefusal(answer) ? fitted(deps, caller, input, answer) : answer;
  }
  throw new Error(`sale ${input.saleId} changed ${readsMax} times while its line was changed`);
}

type Request = { use: KeyUse; input: SaleLineUpdateInput };

async function attempt(
  deps: BasketDeps,
  caller: Caller,
  { use, input }: Request,
): Promise<Answer | 'CHANGED'> {
  const { saleId, lineId } = input;
  const { record, sale } = await readForCheckout(deps.db, { ...use, saleId });
  if (record) return replayed(deps, caller, { record, use, sale });
  if (!sale) return notFound('Sale', saleId);
  if (!takesLines(sale)) return saleNotOpen(sale);
  const before = sale.lines.find(({ id }) => id === lineId.toLowerCase());
  if (!before) return notFound('SaleLine', lineId);
  const unpriced = await ownPriceRefusal(deps.db, caller, [input], { prefixOf: () => '' });
  if (unpriced) return unpriced;
  const wanted = changedLine(sale, before, input, caller.subject);
  if (isRefusal(wanted)) return wanted;

  const isMore = isHeld(wanted) && wanted.quantity > before.quantity;
  const hold = isMore
    ? await resized(deps, caller, { sale, line: wanted, isWritten: false })
    : undefined;
  if (hold === 'OUTDATED') return 'CHANGED';
  if (isRefusal(hold)) return refused(deps, caller, input, hold);
  const line = hold ? { ...wanted, ...placeOf(hold, wanted) } : wanted;
  crashAt('sale.line-update.before-commit');
  const step = await storeUpdate(deps.db, use, { sale, line });
  switch (step.outcome) {
    case 'CHANGED':
      return step.outcome;
    case 'KEY_USED':
      return replayed(deps, caller, { record: step.record!, use, sale: step.sale ?? null });
    case 'UPDATED':
      crashAt('sale.line-update.after-commit');
      if (isGiven(input.quantity) && (hold?.quantity ?? Infinity) > line.quantity)
        await letGo(deps, caller, { sale: step.sale!, line, version: sale.version + 1 });
      return updated(await renewed(deps, caller, step.sale!), line);
  }
}

const isGiven = (value: unknown) => value !== undefined && value !== null;
const isHeld = ({ tracking }: SaleLine) => tracking !== 'NONE';

function updated(sale: Sale, line: SaleLine): LineUpdated {
  return { __typename: 'SaleLineUpdateSuccess', sale, line: lineAsItIs(sale, line) };
}

// A hold that was placed anew may be at another location, where the line allows it.
function placeOf({ holdId, heldUntil, locationId }: PlacedHold, wanted: SaleLine) {
  return { holdId, heldUntil, locationId: locationId ?? wanted.locationId };
}

type Resize = { sale: Sale; line: SaleLine; isWritten: boolean; version?: number };

/** Before it is written, a line belongs to the version that the sale will have then. */
function resized(
  { inventory, holdSeconds }: BasketDeps,
  caller: Caller,
  { sale, line, isWritten, version = sale.version + 1 }: Resize,
): Promise<PlacedHold | HoldRefusal | 'OUTDATED'> {
  const { id: lineId, sku, quantity, locationId, fulfilFrom } = line;
  const { id: saleId, channel } = sale;
  return inventory.resizeHold(caller, {
    ...{ saleId, lineId, sku, quantity, locationId, channel, holdSeconds, isWritten },
    ...anyLocationOf({ fulfilFrom }),
    lineVersion: version,
  });
}

async function refused(
  deps: BasketDeps,
  caller: Caller,
  input: SaleLineUpdateInput,
  hold: HoldRefusal,
): Promise<LineUpdateRefusal> {
  return (await holdRefusal(deps, caller, input, hold)) as LineUpdateRefusal;
}

/** What is held beyond the line is let go, as far as inventory answers; else the claim or the end of the basket does it. */
async function letGo(
  deps: BasketDeps,
  caller: Caller,
  { sale, line, version }: { sale: Sale; line: SaleLine; version: number },
): Promise<void> {
  if (!isHeld(line)) return;
  try {
    await resized(deps, caller, { sale, line, version, isWritten: true });
  } catch (err) {
    const ids = { saleId: sale.id, lineId: line.id };
    deps.log.warn({ err, ...ids }, 'a line holds more than its quantity for a while');
  }
}

/** The hold of a line as the sale has it now; of a line that is gone nothing. */
async function fitted<R>(
  deps: BasketDeps,
  caller: Caller,
  { saleId, lineId }: SaleLineUpdateInput,
  answer: R,
): Promise<R> {
  const sale = await readSale(deps.db, { tenantId: caller.tenantId, saleId });
  if (sale?.status !== 'OPEN') return answer;
  const line = sale.lines.find(({ id }) => id === lineId.toLowerCase());
  if (!line) return released(deps, caller, { saleId, lineId, givesBack: false }, answer);
  await letGo(deps, caller, { sale, line, version: sale.version });
  return answer;
}

async function replayed(
  deps: BasketDeps,
  caller: Caller,
  { record, use, sale }: { record: KeyRecord; use: KeyUse; sale: Sale | null },
): Promise<Answer> {
  const before = refusedBefore<LineUpdateRefusal>(record, use, 'saleLineUpdate');
  if (before) return before;
  if (!sale) return idempotencyKeyReused(use.key);
  const { line, version } = record.response;
  // Again: the first attempt may have died between the line and its hold. An older version undoes nothing.
  if (sale.status === 'OPEN') await letGo(deps, caller, { sale, line: line!, version: version! });
  return updated(sale, line!);
}
