import { exactlyOne, uuidv7, type Database, type Tx } from '@onecount/db';
import { checkKey, invalidInput, isRefusal, isUuid, notFound } from '@onecount/refusal';
import type { DiscountSettingsSetInput } from '../generated/resolver-types.ts';
import type { Caller } from '../sale/idempotency.ts';
import { saleNotOpen } from '../sale/sale.errors.ts';
import { lockSale, salesByIds } from '../sale/sale.queries.ts';
import { takesLines, type Sale } from '../sale/sale.ts';
import { settingsFrom, type DiscountSettings } from './discount-setting.ts';
import { discountSettings, insertDiscountSettings } from './discount-setting.sql.ts';
import {
  discountExceedsPrice,
  discountNotCombinable,
  discountOverLimit,
  discountReasonUnknown,
} from './discount.errors.ts';
import {
  askedOf,
  checkGive,
  type SaleDiscountGiveInput,
  type SaleDiscountRemoveInput,
} from './discount.input.ts';
import {
  deleteDiscount,
  insertDiscount,
  reckonDiscounts,
  type NewDiscount,
} from './discount.sql.ts';
import { clashOf, discountsMax, newlyCut } from './discount.ts';
import { promotionRefused } from './promotion.errors.ts';

export type DiscountService = ReturnType<typeof createDiscountService>;

export function createDiscountService({ db }: { db: Database }) {
  return {
    async give(caller: Caller, input: SaleDiscountGiveInput) {
      const invalid = checkGive(input);
      if (invalid) return invalid;
      if (!isUuid(input.saleId)) return notFound('Sale', input.saleId);
      if (input.lineId && !isUuid(input.lineId)) return notFound('SaleLine', input.lineId);
      return db.command(
        caller,
        { operation: 'saleDiscountGive', input },
        (tx) => give(tx, caller, input),
        async (tx, { saleId, discountId }) => ({
          ...{ __typename: 'SaleDiscountGiveSuccess' as const, discountId },
          sale: exactlyOne(await salesByIds(tx, [saleId])),
        }),
      );
    },
    async remove(caller: Caller, input: SaleDiscountRemoveInput) {
      const invalid = checkKey(input.idempotencyKey);
      if (invalid) return invalid;
      if (!isUuid(input.saleId)) return notFound('Sale', input.saleId);
      return db.command(
        caller,
        { operation: 'saleDiscountRemove', input },
        (tx) => remove(tx, input),
        async (tx, { saleId }) => ({
          __typename: 'SaleDiscountRemoveSuccess' as const,
          sale: exactlyOne(await salesByIds(tx, [saleId])),
        }),
      );
    },
    setSettings: (caller: Caller, input: DiscountSettingsSetInput) =>
      db.command(
        caller,
        { operation: 'discountSettingsSet', input },
        async (tx) => {
          const settings = settingsFrom(input, await discountSettings(tx));
          if (isRefusal(settings)) return settings;
          await insertDiscountSettings(tx, settings, caller.subject);
          return { settings };
        },
        async (_tx, { settings }) => ({
          ...{ __typename: 'DiscountSettingsSetSuccess' as const, settings },
        }),
      ),
  };
}

async function give(tx: Tx, caller: Caller, input: SaleDiscountGiveInput) {
  const sale = await lockSale(tx, input.saleId);
  if (!sale) return notFound('Sale', input.saleId);
  if (!takesLines(sale)) return saleNotOpen(sale);
  const settings = await discountSettings(tx);
  const wanted = discountOf(caller, sale, { input, settings });
  if (isRefusal(wanted)) return wanted;
  return addDiscount(tx, { sale, wanted, settings });
}

/** What is to be given, or why it may not be, as far as the sale's lines say it. */
function discountOf(
  caller: Caller,
  sale: Sale,
  { input, settings }: { input: SaleDiscountGiveInput; settings: DiscountSettings },
) {
  const lineId = input.lineId?.toLowerCase() ?? null;
  const excludedLineIds = (input.excludedLineIds ?? []).map((id) => id.toLowerCase());
  const named = lineId === null ? excludedLineIds : [lineId];
  const unknown = named.find((id) => !sale.lines.some((line) => line.id === id));
  if (unknown !== undefined) return notFound('SaleLine', unknown);
  const reason = input.reason.trim();
  if (!settings.isReasonFree && !settings.reasons.includes(reason))
    return discountReasonUnknown(settings.reasons);
  const asked = askedOf(input, sale);
  if (isRefusal(asked)) return asked;
  const isLimited = !caller.scopes?.has('register:manage');
  return {
    ...{ saleId: sale.id, id: uuidv7(), kind: lineId === null ? 'SALE' : 'LINE', lineId },
    ...{ excludedLineIds, ...asked, reason, givenBy: caller.subject },
    limitBasisPoints: isLimited ? settings.limitBasisPoints : null,
    ...{ minimumMinor: null, promotionId: null, code: null },
  } satisfies NewDiscount;
}

type Addition = { sale: Sale; wanted: NewDiscount; settings: DiscountSettings };

/** Whether it is too much is seen when the basket is reckoned with it; a refusal takes all of that back. */
export async function addDiscount(tx: Tx, { sale, wanted, settings }: Addition) {
  const { discounts } = sale;
  if (discounts.length >= discountsMax)
    return invalidInput('saleId', `A sale has at most ${discountsMax} discounts.`);
  const clash = clashOf(wanted, { discounts, mayMeet: settings.mayMeet });
  if (clash) return discountNotCombinable(clash.meeting, clash.other);
  await insertDiscount(tx, wanted);
  await reckonDiscounts(tx, sale.id);
  const after = exactlyOne(await salesByIds(tx, [sale.id]));
  const cut = newlyCut(sale, after);
  if (cut?.cutBy === 'MINIMUM') return promotionRefused(cut.code!, 'MINIMUM_NOT_REACHED');
  // A promotion that takes all there is left is as good as it can be.
  if (cut?.cutBy === 'LIMIT') return discountOverLimit(settings.limitBasisPoints);
  if (cut?.cutBy === 'PRICE' && cut.kind !== 'PROMOTION') return discountExceedsPrice(after, cut);
  return { saleId: sale.id, discountId: wanted.id };
}

async function remove(tx: Tx, { saleId, discountId }: SaleDiscountRemoveInput) {
  const sale = await lockSale(tx, saleId);
  if (!sale) return notFound('Sale', saleId);
  if (!takesLines(sale)) return saleNotOpen(sale);
  const discount = sale.discounts.find(({ id }) => id === discountId.toLowerCase());
  if (discount?.kind !== 'LINE' && discount?.kind !== 'SALE')
    return notFound('SaleDiscount', discountId);
  await deleteDiscount(tx, saleId, discount.id);
  await reckonDiscounts(tx, saleId);
  return { saleId };
}
