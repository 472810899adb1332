import { mutationsOver, type Pos, type Result } from './pos.harness.ts';

type Input = Record<string, unknown>;
type CallerOptions = Parameters<Pos['graphql']>[2];

export const treasurer = { scopes: ['credit:write', 'sale:write'], subject: 'treasurer' };

const valueFields = `id kind status maskedNumber balance { amount currencyCode } expiresAt blockReason replacedBy { id } issuedBy
  entries { nodes { number kind amount { amount } balance { amount } sale { id } returnId other { id } reason recordedBy } }`;
const common = '... on UserError { code message } ... on InvalidInput { field value }';
const unknown = '... on NotFound { kind id }';
const refused =
  '... on StoredValueRefused { storedValueKind problem tenderIndex requestedValue { amount } availableValue { amount } }';
const notActive = `... on StoredValueNotActive { storedValueId status } ${unknown}`;
const fragments = {
  storedValueIssue: `... on StoredValueIssueSuccess { giftCardCode storedValue { ${valueFields} } } ... on CustomerErased { customerId } ${unknown}`,
  storedValueBlock: `... on StoredValueBlockSuccess { storedValue { ${valueFields} } } ${notActive}`,
  giftCardReplace: `... on GiftCardReplaceSuccess { giftCardCode storedValue { ${valueFields} } } ${notActive}`,
  storedValueSettingsSet: `... on StoredValueSettingsSetSuccess { settings { giftCardMonths storeCreditMonths setBy } }`,
  giftCardLineAdd: `... on GiftCardLineAddSuccess { giftCardCode giftCard { ${valueFields} } line { id title total { amount } }
      sale { id total { amount } lines { id giftCard { id } } } } ${refused}
    ... on CurrencyMismatch { expected actual } ... on SaleNotOpen { sale { status } } ${unknown}`,
};

/** What one does with gift cards and store credits, by name. */
export function storedValuesOf({ graphql }: Pick<Pos, 'graphql'>) {
  const ask = mutationsOver({ graphql }, { fragments, common });
  const mutation = (name: keyof typeof fragments, usual: CallerOptions = treasurer) =>
    ask(name, usual);
  return {
    issue: mutation('storedValueIssue'),
    block: mutation('storedValueBlock'),
    replace: mutation('giftCardReplace'),
    setSettings: mutation('storedValueSettingsSet'),
    addCardLine: mutation('giftCardLineAdd'),
    async value(by: Input, caller: CallerOptions = treasurer): Promise<Result> {
      const query = `query($id: ID, $giftCardCode: String, $storeCreditNumber: String) {
        storedValue(id: $id, giftCardCode: $giftCardCode, storeCreditNumber: $storeCreditNumber) { ${valueFields} } }`;
      return (await graphql(query, by, caller)).data['storedValue'];
    },
    balance(code: string, caller: CallerOptions = { scopes: ['shop:read'], subject: 'page' }) {
      const query =
        'query($code: String!) { giftCardBalance(code: $code) { balance { amount } status maskedNumber } }';
      return graphql(query, { code }, caller);
    },
  };
}

export const giftCard = (giftCardCode: string, amount: string, currencyCode = 'EUR') => ({
  ...{ kind: 'GIFT_CARD', amount: { amount, currencyCode }, giftCardCode },
});
