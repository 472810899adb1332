import { idempotencyKeyReused, type Database } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { checkKey, isRefusal, isUuid, notFound } from '@onecount/refusal';
import type { PriceService } from '../price/price.service.ts';
import { pricesBySku } from '../price/price.sql.ts';
import { registerInactive } from '../register/register.errors.ts';
import { registersByIds } from '../register/register.sql.ts';
import { knownEntries, skusOf } from '../sale/held-lines.ts';
import { keepingRefusal, type Caller } from '../sale/idempotency.ts';
import type { LeaseClient, LeasedLine } from './lease.client.ts';
import { lineRefusal } from '../sale/opening.ts';
import { saleLinesRefused } from '../sale/sale.errors.ts';
import { basketIdsOf } from '../sale/sale.ts';
import {
  checkTake,
  holdSecondsOf,
  sellSecondsOf,
  type LeaseLine,
  type LeaseTakeInput,
} from './lease.ts';
import { endLease, insertLease, leaseById, leasesByIds } from './lease.sql.ts';

export type LeaseEndInput = { leaseId: string; idempotencyKey: string };
export type LeaseService = ReturnType<typeof createLeaseService>;
type Deps = { db: Database; holds: LeaseClient; prices: PriceService };

export function createLeaseService(deps: Deps) {
  return {
    take: (caller: Caller, input: LeaseTakeInput) =>
      keepingRefusal(deps.db, caller, { operation: 'leaseTake', input }, () =>
        take(deps, caller, input),
      ),
    end: (caller: Caller, input: LeaseEndInput) => end(deps, caller, input),
  };
}

/**
 * Holds first, lease second, as a basket (ADR 0062): the ids come from the key, so that the same key finds the holds of an
 * attempt that died; without it they end by time.
 */
async function take(deps: Deps, caller: Caller, input: LeaseTakeInput) {
  const { db, holds } = deps;
  const invalid = checkTake(input);
  if (invalid) return invalid;
  const { registerId } = input;
  if (!isUuid(registerId)) return notFound('Register', registerId);
  const [register] = await db.read(caller.tenantId, (tx) => registersByIds(tx, [registerId]));
  if (!register) return notFound('Register', registerId);
  if (!register.isActive) return registerInactive(register);
  const entries = await entriesOf(deps, caller, input);
  if (isRefusal(entries)) return entries;
  const { leaseId, lineIds } = idsOf(caller, input);
  const held = await holds.place(caller, {
    ...{ leaseId, locationId: register.locationId, holdSeconds: holdSecondsOf(input) },
    lines: input.lines.map(({ sku, serial, quantity }, index) => ({
      ...{ lineId: lineIds[index]!, sku, serial: serial || null, quantity: quantity ?? 1 },
    })),
  });
  if (isRefusal(held))
    return held.__typename === 'IdempotencyKeyReused'
      ? idempotencyKeyReused(input.idempotencyKey)
      : held;
  crashAt('lease.take.after-hold');
  const lines = held.map((line, index) => leasedLine(line, entries[index]!));
  const { device } = input;
  return db.command(
    caller,
    { operation: 'leaseTake', input },
    async (tx) => {
      await insertLease(tx, {
        ...{ id: leaseId, registerId, device: device.trim(), takenBy: caller.subject, lines },
        ...{ sellSeconds: sellSecondsOf(input), holdSeconds: holdSecondsOf(input) },
      });
      return { leaseId };
    },
    async (tx) => ({
      __typename: 'LeaseTakeSuccess' as const,
      lease: await leaseById(tx, leaseId),
    }),
  );
}

// Not those of a basket under the same key.
function idsOf({ tenantId }: Caller, { idempotencyKey, lines }: LeaseTakeInput) {
  const use = { idempotencyKey: `lease\n${idempotencyKey}`, count: lines.length };
  const { saleId, lineIds } = basketIdsOf(tenantId, use);
  return { leaseId: saleId, lineIds };
}

/** What the price book has of each line, in their order. */
async function entriesOf(deps: Deps, caller: Caller, { lines }: LeaseTakeInput) {
  const skus = skusOf(lines);
  const prices = await deps.db.read(caller.tenantId, (tx) => pricesBySku(tx, skus));
  const known = await knownEntries(deps, caller, { skus, prices });
  const unknown = lines.flatMap((line, index) =>
    known.has(line.sku) ? [] : lineRefusal(line, { index, refusal: notFound('Variant', line.sku) }),
  );
  return unknown.length > 0 ? saleLinesRefused(unknown) : lines.map(({ sku }) => known.get(sku)!);
}

type Entry = Pick<LeaseLine, 'variantId' | 'title' | 'priceMinor' | 'currencyCode'>;

function leasedLine(
  { lineId, ...held }: LeasedLine,
  { variantId, title, priceMinor, currencyCode }: Entry,
): LeaseLine {
  return { id: lineId, ...held, variantId, title, priceMinor, currencyCode };
}

// Inventory first: what is written down as given back is free.
async function end({ db, holds }: Deps, caller: Caller, input: LeaseEndInput) {
  const { leaseId } = input;
  const invalid = checkKey(input.idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(leaseId)) return notFound('Lease', leaseId);
  const id = leaseId.toLowerCase();
  const [lease] = await db.read(caller.tenantId, (tx) => leasesByIds(tx, [id]));
  if (!lease) return notFound('Lease', leaseId);
  await holds.release(caller, { leaseId: id });
  crashAt('lease.end.after-release');
  return db.command(
    caller,
    { operation: 'leaseEnd', input },
    async (tx) => {
      await endLease(tx, { id, by: caller.subject });
      return { leaseId: id };
    },
    async (tx, kept) => ({
      __typename: 'LeaseEndSuccess' as const,
      lease: await leaseById(tx, kept.leaseId),
    }),
  );
}
