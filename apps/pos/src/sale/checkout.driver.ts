import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { ServiceCallError } from '@onecount/graphql';
import { currentTraceparent, type Logger } from '@onecount/telemetry';
import type { Caller } from './idempotency.ts';
import type { Claim, InventoryClient } from './inventory.client.ts';
import { commitExchange, voidExchange } from '../exchange/exchange.steps.ts';
import { storeAwaited, voidUnpaid } from '../web-checkout/web-checkout.sql.ts';
import { confirmRelease, moveToCommitted, moveToVoided, readSale, voidIdle } from './sale.sql.ts';
import { claimableLines, isUnpaid, type ClaimReason, type Sale } from './sale.ts';

export type CheckoutSettings = {
  /** After how long the sweeper looks after a checkout. */
  sweepAfterSeconds: number;
  /** How long a request keeps asking an inventory that does not answer. */
  claimPatienceMs: number;
  /** How long a checkout waits for its payment. */
  paymentSeconds: number;
};
export type CheckoutDeps = {
  db: Database;
  inventory: InventoryClient;
  log: Logger;
  wakeRelay(): void;
  settings: CheckoutSettings;
};

export type CheckoutDriver = ReturnType<typeof createDriver>;

/**
 * Everything after the intent. The caller, a twin with the same key and the sweeper may drive the same
 * sale at once: the claim is idempotent by sale id, and each end is reached by one statement that
 * changes the row only while it is PENDING. Whoever comes second takes the answer of the first.
 */
export function createDriver(deps: CheckoutDeps) {
  const driveCheckout = async (
    caller: Caller,
    sale: Sale,
    { patienceMs }: { patienceMs: number },
  ): Promise<Sale> => {
    if (sale.status !== 'PENDING') return sale;
    if (isUnpaid(sale) && Date.parse(sale.paymentDueAt ?? '') <= Date.now())
      return expireSale(deps, caller, sale);
    if (isUnpaid(sale) && sale.claimedAt !== null) return sale;
    const claim = await claimed(deps, caller, sale, patienceMs);
    switch (claim?.outcome) {
      case undefined:
        return sale;
      case 'CLAIMED':
        return isUnpaid(sale)
          ? awaitPayment(deps, caller, sale)
          : commitSale(deps, caller, sale, claim.lines);
      case 'REFUSED':
        return refuseSale(deps, caller, sale, claim.reasons);
      case 'RELEASED':
        return refuseSale(deps, caller, sale, sale.lines.map(releasedReason));
    }
  };
  return {
    driveCheckout,
    release: (caller: Caller, sale: Sale) => releaseSale(deps, caller, sale),
    /** Null when it is not idle after all. */
    async endIdle(caller: Caller, saleId: string, idleSeconds: number): Promise<Sale | null> {
      const step = await voidIdle(
        deps.db,
        { tenantId: caller.tenantId, saleId },
        {
          idleSeconds,
          reason: `Ended by itself: nothing was done in it for ${idleSeconds} seconds.`,
          settleSeconds: deps.settings.sweepAfterSeconds,
          traceparent: currentTraceparent(),
        },
      );
      if (!step) return null;
      deps.wakeRelay();
      return releaseSale(deps, caller, step.sale!);
    },
    /** One attempt to bring a sale to its end, from what the database knows; for the sweeper. */
    async settle(caller: Caller, saleId: string): Promise<Sale | null> {
      const sale = await readSale(deps.db, { tenantId: caller.tenantId, saleId });
      if (sale?.status === 'VOIDED' && !sale.isReleaseConfirmed)
        return releaseSale(deps, caller, sale);
      return sale && driveCheckout(caller, sale, { patienceMs: 0 });
    },
  };
}

/**
 * Asks for the claim until there is an answer or the patience is over; undefined then. An error says
 * nothing about what inventory did, so the only safe thing to do after one is to ask again.
 */
async function claimed(
  deps: CheckoutDeps,
  caller: Caller,
  sale: Sale,
  patienceMs: number,
): Promise<Claim | undefined> {
  const lines = claimableLines(sale);
  if (lines.length === 0) return { outcome: 'CLAIMED', lines: [] };
  const deadline = performance.now() + patienceMs;
  for (let pauseMs = 50; ; pauseMs *= 2) {
    try {
      crashAt('sale.claim.before-request');
      const claim = await deps.inventory.claim(caller, {
        saleId: sale.id,
        channel: sale.channel,
        leaseId: sale.leaseId,
        lines,
      });
      crashAt('sale.claim.after-answer');
      return claim;
    } catch (err) {
      if (!(err instanceof ServiceCallError)) throw err;
      deps.log.warn({ err, saleId: sale.id }, 'the claim has no answer yet');
    }
    if (performance.now() + pauseMs > deadline) return undefined;
    await delay(pauseMs);
  }
}

async function commitSale(
  deps: CheckoutDeps,
  caller: Caller,
  sale: Sale,
  lines: Extract<Claim, { outcome: 'CLAIMED' }>['lines'],
): Promise<Sale> {
  const known = new Set(lines.map(({ lineId }) => lineId));
  const unknown = claimableLines(sale).find(
    ({ id, stockItemId }) => stockItemId === null && !known.has(id),
  );
  if (unknown) throw new Error(`inventory claimed sale ${sale.id} without its line ${unknown.id}`);
  crashAt('sale.commit.before-commit');
  const ref = { tenantId: caller.tenantId, saleId: sale.id };
  const committing = { claimed: lines, traceparent: currentTraceparent() };
  const step =
    sale.exchangeOf === null
      ? await moveToCommitted(deps.db, ref, committing)
      : await commitExchange(deps.db, ref, committing);
  if (step.outcome === 'COMMITTED') {
    crashAt('sale.commit.after-commit');
    deps.wakeRelay();
  }
  return step.sale!;
}

// Without the lines that were claimed: the payment asks again, and the claim gives the same answer.
async function awaitPayment(deps: CheckoutDeps, caller: Caller, sale: Sale): Promise<Sale> {
  crashAt('sale.await.before-commit');
  const awaited = await storeAwaited(deps.db, { tenantId: caller.tenantId, saleId: sale.id });
  crashAt('sale.await.after-commit');
  return awaited;
}

/** Overdue by the clock of this process; the clock of the database decides. */
async function expireSale(deps: CheckoutDeps, caller: Caller, sale: Sale): Promise<Sale> {
  crashAt('sale.expire.before-commit');
  const step = await voidUnpaid(
    deps.db,
    { tenantId: caller.tenantId, saleId: sale.id },
    {
      reason: 'The payment did not come in time.',
      settleSeconds: deps.settings.sweepAfterSeconds,
      traceparent: currentTraceparent(),
    },
  );
  if (step.outcome === 'VOIDED') {
    crashAt('sale.expire.after-commit');
    deps.wakeRelay();
  }
  return step.sale!.status === 'VOIDED' ? releaseSale(deps, caller, step.sale!) : step.sale!;
}

async function refuseSale(
  deps: CheckoutDeps,
  caller: Caller,
  sale: Sale,
  reasons: ClaimReason[],
): Promise<Sale> {
  crashAt('sale.void.before-commit');
  const ref = { tenantId: caller.tenantId, saleId: sale.id };
  const voiding = {
    ...{ from: 'PENDING' as const, reason: 'The stock could not be claimed.' },
    refusalReasons: reasons,
    settleSeconds: deps.settings.sweepAfterSeconds,
    traceparent: currentTraceparent(),
  };
  const step =
    sale.exchangeOf === null
      ? await moveToVoided(deps.db, ref, voiding)
      : await voidExchange(deps.db, ref, voiding);
  if (step.outcome === 'VOIDED') {
    crashAt('sale.void.after-commit');
    deps.wakeRelay();
  }
  return step.sale!.status === 'VOIDED' ? releaseSale(deps, caller, step.sale!) : step.sale!;
}

/**
 * Frees what a void sale still holds, and closes the sale in inventory for ever: a claim that was on
 * its way comes too late. When inventory does not answer, the sweeper repeats it until it does.
 */
async function releaseSale(deps: CheckoutDeps, caller: Caller, sale: Sale): Promise<Sale> {
  if (sale.isReleaseConfirmed) return sale;
  try {
    crashAt('sale.release.before-request');
    const outcome = await deps.inventory.release(caller, { saleId: sale.id });
    crashAt('sale.release.after-answer');
    if (outcome === 'ALREADY_APPLIED') {
      deps.log.error(
        { saleId: sale.id },
        'a void sale was applied in inventory: promise I3 is broken',
      );
      return sale;
    }
    await confirmRelease(deps.db, { tenantId: caller.tenantId, saleId: sale.id });
    return { ...sale, isReleaseConfirmed: true };
  } catch (err) {
    if (!(err instanceof ServiceCallError)) throw err;
    deps.log.warn({ err, saleId: sale.id }, 'the release has no answer yet');
    return sale;
  }
}

// Inventory has closed this sale although it is PENDING here: only a driver that voided it does so.
function releasedReason(line: Sale['lines'][number]): ClaimReason {
  const message = `${line.title} (${line.sku}) was released with the sale.`;
  const { id: lineId, sku, quantity } = line;
  return { lineId, sku, code: 'SALE_RELEASED', message, requested: quantity, available: null };
}
