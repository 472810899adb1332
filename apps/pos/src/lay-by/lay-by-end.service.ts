import type { Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { checkKey, firstOf, invalidInput, isRefusal, isUuid, notFound } from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import { insufficientCash } from '../cash/cash-movement.errors.ts';
import { cashOf, expectedOf } from '../report/figures.ts';
import { readFigures } from '../report/figures.sql.ts';
import type { CheckoutParts } from '../sale/checkout.service.ts';
import { checkFreeText } from '../sale/free-text.ts';
import type { Caller } from '../sale/idempotency.ts';
import { lockSale, salesByIds } from '../sale/sale.queries.ts';
import { layByEnded, layByRefundNotDue } from './lay-by.errors.ts';
import {
  termsOf,
  type LayByCancelInput,
  type LayByRefundInput,
  type LayBySettingsSetInput,
} from './lay-by.input.ts';
import { readSettings, writeSettings } from './lay-by-settings.sql.ts';
import { insertRefund, layByOf, voidLayBy } from './lay-by.sql.ts';
import { tillOf } from './lay-by.steps.ts';

export type LayByEndService = ReturnType<typeof createLayByEndService>;

/** How a lay-by ends that is not paid in full, and what a shop asks of all of them. */
export function createLayByEndService(parts: CheckoutParts) {
  return {
    cancel: (caller: Caller, input: LayByCancelInput) => cancel(parts, caller, input),
    refund: (caller: Caller, input: LayByRefundInput) => refund(parts, caller, input),
    setTerms: (caller: Caller, input: LayBySettingsSetInput) => setTerms(parts, caller, input),
  };
}

async function cancel(parts: CheckoutParts, caller: Caller, input: LayByCancelInput) {
  const { saleId } = input;
  const reason = input.reason.trim();
  const invalid = firstOf(
    checkKey(input.idempotencyKey),
    checkFreeText('reason', reason, { min: 1, max: 500 }),
  );
  if (invalid) return invalid;
  if (!isUuid(saleId)) return notFound('LayBy', saleId);
  const committed = () => {
    crashAt('lay-by.cancel.after-commit');
    parts.wakeRelay();
  };
  const done = await parts.db.command(
    caller,
    { operation: 'layByCancel', input, afterCommit: [committed] },
    async (tx) => {
      const sale = await lockSale(tx, saleId);
      if (!sale?.isLayBy) return notFound('LayBy', saleId);
      if (sale.status !== 'PENDING' || sale.commitKey !== null)
        return layByEnded(await layByOf(tx, saleId));
      const settleSeconds = parts.settings.sweepAfterSeconds;
      const traceparent = currentTraceparent() ?? null;
      await voidLayBy(tx, { saleId, reason, settleSeconds, traceparent });
      crashAt('lay-by.cancel.before-commit');
      return { saleId };
    },
    async (tx) => ({
      sale: (await salesByIds(tx, [saleId]))[0]!,
      layBy: await layByOf(tx, saleId),
    }),
  );
  if (isRefusal(done)) return done;
  await parts.driver.release(caller, done.sale);
  return { __typename: 'LayByCancelSuccess' as const, layBy: done.layBy };
}

async function refund({ db }: CheckoutParts, caller: Caller, input: LayByRefundInput) {
  const { saleId, registerId = null, kind } = input;
  const reference = input.reference?.trim() || null;
  const invalid = firstOf(
    checkKey(input.idempotencyKey),
    checkFreeText('reference', reference, { max: 255 }),
    kind === 'CASH' && !registerId
      ? invalidInput('registerId', 'Cash is given at a register.')
      : undefined,
  );
  if (invalid) return invalid;
  if (!isUuid(saleId)) return notFound('LayBy', saleId);
  if (registerId && !isUuid(registerId)) return notFound('Register', registerId);
  return db.command(
    caller,
    { operation: 'layByRefund', input },
    (tx) => giveBack(tx, caller, { saleId, registerId, kind, reference }),
    async (tx) => ({
      __typename: 'LayByRefundSuccess' as const,
      layBy: await layByOf(tx, saleId),
    }),
  );
}

type Refund = Pick<LayByRefundInput, 'saleId' | 'kind'> & {
  registerId: string | null;
  reference: string | null;
};

async function giveBack(tx: Tx, caller: Caller, { saleId, registerId, kind, reference }: Refund) {
  const sale = await lockSale(tx, saleId);
  if (!sale?.isLayBy) return notFound('LayBy', saleId);
  const layBy = await layByOf(tx, saleId);
  if (!layBy.owedMinor || layBy.refund) return layByRefundNotDue(layBy);
  const till = await tillOf(tx, registerId);
  if (isRefusal(till)) return till;
  const { currencyCode, owedMinor: minor } = layBy;
  if (till && kind === 'CASH') {
    const inDrawer = cashOf(expectedOf(await readFigures(tx, till.shiftId)), currencyCode);
    const isTold = caller.scopes?.has('register:manage') ?? false;
    if (minor > inDrawer)
      return insufficientCash(till.registerId, { minor, currencyCode }, isTold ? inDrawer : null);
  }
  const given = { saleId, kind, amountMinor: minor, reference, till };
  await insertRefund(tx, { ...given, refundedBy: caller.subject });
  return { saleId };
}

async function setTerms({ db }: CheckoutParts, caller: Caller, input: LayBySettingsSetInput) {
  const terms = termsOf(input);
  if (isRefusal(terms)) return terms;
  return db.command(
    caller,
    { operation: 'layBySettingsSet', input },
    async (tx) => {
      await writeSettings(tx, terms, caller.subject);
      return {};
    },
    async (tx) => ({
      __typename: 'LayBySettingsSetSuccess' as const,
      settings: await readSettings(tx),
    }),
  );
}
