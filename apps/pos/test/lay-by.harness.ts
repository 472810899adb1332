import { mutationsOver, manager, type Pos } from './pos.harness.ts';

type CallerOptions = Parameters<Pos['graphql']>[2];

export const layByFields = `status total { amount currencyCode } paid { amount } rest { amount }
  instalments { dueAt amount { amount } isPaid } payments { number amount { amount } paidBy register { id } tenders { kind amount { amount } } }
  nextDueAt isOverdue expiresAt cancellationFee { amount } keptFee { amount } refundDue { amount }
  refund { kind amount { amount } reference refundedBy } sale { id status receiptNumber }`;
const layBy = `layBy { ${layByFields} }`;
const till = `... on RegisterClosed { registerId } ... on CurrencyMismatch { expected actual }`;
const amounts = `... on LayByAmountRefused { least { amount } most { amount } tendered { amount } }`;
const unsold = `... on SaleClaimLost { sale { id status } } ... on SalePending { saleId }`;
const ended = `... on LayByEnded { layBy { status } }`;
const common = `... on UserError { code message } ... on InvalidInput { field value }`;
const missing = '... on NotFound { kind id }';
const fragments = {
  layByOpen: `... on LayByOpenSuccess { ${layBy} } ... on LayByScheduleMismatch { rest { amount } scheduled { amount } }
    ... on LayByNeedsCustomer { saleId } ${missing} ... on SaleNotOpen { sale { status } } ${amounts} ${till} ${unsold}`,
  layByPay: `... on LayByPaySuccess { ${layBy} payment { number amount { amount } } } ${missing} ${ended} ${amounts} ${till} ${unsold}`,
  layByCancel: `... on LayByCancelSuccess { ${layBy} } ${missing} ${ended}`,
  layByRefund: `... on LayByRefundSuccess { ${layBy} } ${missing} ... on LayByRefundNotDue { layBy { status } }
    ... on InsufficientCash { requested { amount } } ... on RegisterClosed { registerId }`,
  layBySettingsSet: `... on LayBySettingsSetSuccess { settings { depositPercent feePercent feeAmount { amount } graceDays expiry reminderDays setBy } }`,
};

/** What one does with lay-bys, by name. */
export function layBysOf({ graphql }: Pick<Pos, 'graphql'>) {
  const ask = mutationsOver({ graphql }, { fragments, common });
  const mutation = (
    name: keyof typeof fragments,
    usual: CallerOptions = { scopes: ['sale:write', 'sale:read'] },
  ) => ask(name, usual);
  const list = async (text: string): Promise<string[]> => {
    const query = `{ page: ${text} { nodes { sale { id } } } }`;
    const { data } = await graphql(query, {}, { scopes: ['sale:read'] });
    return data['page'].nodes.map(({ sale }: { sale: { id: string } }) => sale.id);
  };
  return {
    open: mutation('layByOpen'),
    pay: mutation('layByPay'),
    cancel: mutation('layByCancel'),
    refund: mutation('layByRefund', { scopes: ['sale:return', 'sale:read'] }),
    settings: mutation('layBySettingsSet', manager),
    overdue: () => list('layBys(first: 100, isOverdue: true)'),
    unpaid: () => list('layBys(first: 100)'),
    owed: () => list('layByRefundsDue(first: 100)'),
    async byId(saleId: string, tenantId?: string) {
      const query = `query($id: ID!) { layBy(id: $id) { ${layByFields} } }`;
      const caller = { scopes: ['sale:read'], ...(tenantId ? { tenantId } : {}) };
      return (await graphql(query, { id: saleId }, caller)).data['layBy'];
    },
  };
}
