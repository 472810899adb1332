import { mutationsOver, manager, type Pos } from './pos.harness.ts';

// Tax as the gateway asks for it.

export const clerk = { scopes: ['sale:write', 'sale:read', 'sale:discount'], subject: 'anna' };

const components = `{ name rate scheme net { amount } amount { amount } }`;
const summary = `{ total { amount } net { amount } components ${components} }`;
export const taxedSale = `id status receiptNumber total { amount } change { amount } roundingAdjustment { amount } taxExemption tax ${summary}
  marginTax ${components} lines { id total { amount } tax ${summary} }`;

const rule = `id location { id } taxCode component rate validFrom validTo cancelledAt`;
const fragments: Record<string, string> = {
  taxRuleAdd: `... on TaxRuleAddSuccess { rule { ${rule} } } ... on TaxRuleExists { component } ... on NotFound { kind id }`,
  taxRuleCancel: `... on TaxRuleCancelSuccess { rule { ${rule} } } ... on NotFound { kind id }`,
  taxSettingsUpdate: `... on TaxSettingsUpdateSuccess { settings { location { id } pricesIncludeTax rounding cashRounding { currencyCode step { amount } } } }
    ... on NotFound { kind id }`,
  saleTaxExempt: `... on SaleTaxExemptSuccess { sale { ${taxedSale} } } ... on SaleNotOpen { sale { status } } ... on NotFound { kind id }`,
  saleLineMarginSet: `... on SaleLineMarginSetSuccess { sale { ${taxedSale} } } ... on SaleNotOpen { sale { status } }
    ... on CurrencyMismatch { expected actual } ... on NotFound { kind id }`,
};
const common = `... on UserError { code message } ... on InvalidInput { field value }`;

export function taxesOf(pos: Pick<Pos, 'graphql'>) {
  const mutation = mutationsOver(pos, { fragments, common });
  return {
    addRule: mutation('taxRuleAdd', manager),
    cancelRule: mutation('taxRuleCancel', manager),
    set: mutation('taxSettingsUpdate', manager),
    exempt: mutation('saleTaxExempt', clerk),
    setMargin: mutation('saleLineMarginSet', clerk),
    async sale(id: string): Promise<any> {
      const query = `query($id: ID!) { sale(id: $id) { ${taxedSale} } }`;
      return (await pos.graphql(query, { id }, clerk)).data!['sale'];
    },
  };
}
