import { exactlyOne, uuidv7, type Database, type Tx } from '@onecount/db';
import { checkKey, checkText, isRefusal, isUuid, notFound } from '@onecount/refusal';
import type { PromotionAddInput, PromotionEndInput } from '../generated/resolver-types.ts';
import { locationOf, type LocationService } from '../location/location.service.ts';
import type { Caller } from '../sale/idempotency.ts';
import { saleNotOpen } from '../sale/sale.errors.ts';
import { lockSale, salesByIds } from '../sale/sale.queries.ts';
import { withSecret } from '../web-checkout/public-basket.ts';
import { discountSettings } from './discount-setting.sql.ts';
import { addDiscount } from './discount.service.ts';
import { deleteDiscount, reckonDiscounts } from './discount.sql.ts';
import { promotionCodeTaken, promotionRefused } from './promotion.errors.ts';
import { promotionOf } from './promotion.input.ts';
import { endPromotion, insertPromotion, promotionByCode, promotionById } from './promotion.sql.ts';
import { problemOf } from './promotion.ts';

export type PromotionService = ReturnType<typeof createPromotionService>;
/** Of a basket, whose secret a public shop's token has. */
export type SalePromotionInput = {
  saleId: string;
  code: string;
  basketSecret?: string | null;
  idempotencyKey: string;
};
type Deps = { db: Database; locations: LocationService };

export function createPromotionService({ db, locations }: Deps) {
  return {
    async add(caller: Caller, input: PromotionAddInput) {
      const asked = promotionOf(input);
      if (isRefusal(asked)) return asked;
      const locationIds = await locationIdsOf(locations, caller, input);
      if (isRefusal(locationIds)) return locationIds;
      return db.command(
        caller,
        {
          ...{ operation: 'promotionAdd', input },
          constraints: { promotion_code_key: () => promotionCodeTaken(asked.code) },
        },
        async (tx) => {
          const id = uuidv7();
          await insertPromotion(tx, { ...asked, id, locationIds, addedBy: caller.subject });
          return { id };
        },
        async (tx, { id }) => ({
          ...{
            __typename: 'PromotionAddSuccess' as const,
            promotion: (await promotionById(tx, id))!,
          },
        }),
      );
    },
    async end(caller: Caller, input: PromotionEndInput) {
      const invalid = checkKey(input.idempotencyKey);
      if (invalid) return invalid;
      const { promotionId: id } = input;
      if (!isUuid(id)) return notFound('Promotion', id);
      return db.command(
        caller,
        { operation: 'promotionEnd', input },
        async (tx) => {
          if (!(await promotionById(tx, id))) return notFound('Promotion', id);
          await endPromotion(tx, id);
          return { id };
        },
        async (tx) => ({
          ...{
            __typename: 'PromotionEndSuccess' as const,
            promotion: (await promotionById(tx, id))!,
          },
        }),
      );
    },
    apply: (caller: Caller, input: SalePromotionInput) =>
      onBasket(db, caller, {
        ...{ input, operation: 'salePromotionApply', run: apply },
        success: 'SalePromotionApplySuccess',
      }),
    remove: (caller: Caller, input: SalePromotionInput) =>
      onBasket(db, caller, {
        ...{ input, operation: 'salePromotionRemove', run: remove },
        success: 'SalePromotionRemoveSuccess',
      }),
  };
}

async function locationIdsOf(
  locations: LocationService,
  caller: Caller,
  { locationIds, locationCodes }: PromotionAddInput,
) {
  const named = [
    ...(locationIds ?? []).map((locationId) => ({ locationId })),
    ...(locationCodes ?? []).map((locationCode) => ({ locationCode })),
  ];
  const ids = new Set<string>();
  for (const place of named) {
    const location = await locationOf(locations, caller, place);
    if (isRefusal(location)) return location;
    ids.add(location.id);
  }
  return [...ids];
}

type Change<Name extends string, R> = {
  input: SalePromotionInput;
  operation: string;
  success: Name;
  run(tx: Tx, caller: Caller, input: SalePromotionInput): Promise<R>;
};

/** Changes which promotions a basket has; a public shop's token those of its own. */
function onBasket<Name extends string, R>(
  db: Database,
  caller: Caller,
  { input, operation, success, run }: Change<Name, R>,
) {
  return withSecret(db, caller, { input }, async () => {
    const invalid =
      checkKey(input.idempotencyKey) ?? checkText('code', input.code.trim(), { min: 1, max: 40 });
    if (invalid) return invalid;
    if (!isUuid(input.saleId)) return notFound('Sale', input.saleId);
    return db.command(
      caller,
      { operation, input },
      (tx) => run(tx, caller, input),
      async (tx) => ({
        __typename: success,
        sale: exactlyOne(await salesByIds(tx, [input.saleId])),
      }),
    );
  });
}

async function apply(tx: Tx, caller: Caller, input: SalePromotionInput) {
  const sale = await lockSale(tx, input.saleId);
  if (!sale) return notFound('Sale', input.saleId);
  if (sale.status !== 'OPEN') return saleNotOpen(sale);
  const promotion = await promotionByCode(tx, input.code.trim());
  if (!promotion) return notFound('Promotion', input.code.trim());
  const { id: promotionId, code, basisPoints, amountMinor, minimumMinor } = promotion;
  const problem = problemOf(promotion, sale, new Date());
  if (problem) return promotionRefused(code, problem);
  const wanted = {
    ...{ saleId: sale.id, id: uuidv7(), kind: 'PROMOTION' as const, lineId: null },
    ...{
      excludedLineIds: [],
      basisPoints,
      askedMinor: amountMinor,
      minimumMinor,
      promotionId,
      code,
    },
    ...{ reason: null, limitBasisPoints: null, givenBy: caller.subject },
  };
  return addDiscount(tx, { sale, wanted, settings: await discountSettings(tx) });
}

async function remove(tx: Tx, _caller: Caller, input: SalePromotionInput) {
  const sale = await lockSale(tx, input.saleId);
  if (!sale) return notFound('Sale', input.saleId);
  if (sale.status !== 'OPEN') return saleNotOpen(sale);
  const code = input.code.trim();
  const discount = sale.discounts.find((one) => one.code?.toLowerCase() === code.toLowerCase());
  if (!discount) return notFound('Promotion', code);
  await deleteDiscount(tx, sale.id, discount.id);
  await reckonDiscounts(tx, sale.id);
  return { saleId: sale.id };
}
