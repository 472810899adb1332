import { mutationsOver, type Pos } from './pos.harness.ts';

// Discounts and promotions as the gateway asks for them.

export const salesperson = { scopes: ['sale:write', 'sale:discount'], subject: 'anna' };
export const boss = {
  scopes: ['sale:write', 'sale:read', 'sale:discount', 'register:manage'],
  subject: 'boss',
};
export const money = (amount: string, currencyCode = 'EUR') => ({ amount, currencyCode });

const discount = `id kind percent amount { amount } taken { amount } cutBy code line { id } excludedLineIds`;
export const saleWithDiscounts = `id status total { amount } discountTotal { amount } discounts { ${discount} }
  lines { id sku quantity unitPrice { amount } total { amount } discountTotal { amount }
          discounts { amount { amount } discount { id kind } } }`;

const notFound = '... on NotFound { kind id }';
export const promotion = `id code percent amount { amount } minimum { amount } channels locations { id } usesMax customerUsesMax
  usesTaken usesReserved addedBy endedAt`;
const fragments: Record<string, string> = {
  saleDiscountGive: `... on SaleDiscountGiveSuccess { discountId sale { ${saleWithDiscounts} } }
    ... on DiscountNotCombinable { meeting discountId } ... on DiscountOverLimit { limitPercent }
    ... on DiscountExceedsPrice { price { amount } discountId } ... on DiscountReasonUnknown { reasons }
    ... on CurrencyMismatch { expected actual } ... on SaleNotOpen { sale { id status } } ${notFound}`,
  saleDiscountRemove: `... on SaleDiscountRemoveSuccess { sale { ${saleWithDiscounts} } } ... on SaleNotOpen { sale { id status } } ${notFound}`,
  promotionAdd: `... on PromotionAddSuccess { promotion { ${promotion} } } ... on PromotionCodeTaken { promotionCode } ${notFound}`,
  promotionEnd: `... on PromotionEndSuccess { promotion { ${promotion} } } ${notFound}`,
  salePromotionApply: `... on SalePromotionApplySuccess { sale { ${saleWithDiscounts} } } ... on PromotionRefused { promotionCode reason }
    ... on DiscountNotCombinable { meeting discountId } ... on SaleNotOpen { sale { id status } } ${notFound}`,
  salePromotionRemove: `... on SalePromotionRemoveSuccess { sale { ${saleWithDiscounts} } } ${notFound}`,
  saleCommit: `... on SaleCommitSuccess { sale { id receiptNumber total { amount } } } ... on PromotionRefused { promotionCode reason }`,
  saleCheckout: `... on SaleCheckoutSuccess { sale { id status } } ... on PromotionRefused { promotionCode reason }`,
  discountSettingsSet: `... on DiscountSettingsSetSuccess { settings { limitPercent mayMeet reasons isReasonFree } }`,
};
const common = `... on UserError { code message } ... on InvalidInput { field value }`;

export function discountsOf(pos: Pick<Pos, 'graphql'>) {
  const mutation = mutationsOver(pos, { fragments, common });
  return {
    give: mutation('saleDiscountGive', boss),
    remove: mutation('saleDiscountRemove', salesperson),
    set: mutation('discountSettingsSet', boss),
    add: mutation('promotionAdd', boss),
    end: mutation('promotionEnd', boss),
    apply: mutation('salePromotionApply', salesperson),
    unapply: mutation('salePromotionRemove', salesperson),
    commit: mutation('saleCommit', salesperson),
    checkout: mutation('saleCheckout', salesperson),
  };
}
