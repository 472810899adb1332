import { mutationsOver, type Pos } from './pos.harness.ts';

type CallerOptions = Parameters<Pos['graphql']>[2];

export const clerk = { scopes: ['customer:write', 'sale:write'], subject: 'clerk' };
export const officer = { scopes: ['customer:erase', 'customer:read'], subject: 'officer' };

export const customerFields = `id version isErased name note emails { address label } phones { number label }
  addresses { lines postalCode city countryCode } sizes { kind system value place note }
  consents { purpose isGiven how note recordedBy } duplicates { id }`;
const common = `... on UserError { code message } ... on InvalidInput { field value }
  ... on IdempotencyKeyReused { idempotencyKey }`;
const versions = '... on CustomerChanged { customerId versionGiven version }';
const erased = '... on CustomerErased { customerId } ... on NotFound { kind id }';
const customer = `customer { ${customerFields} }`;
const fragments = {
  customerCreate: `... on CustomerCreateSuccess { ${customer} }`,
  customerUpdate: `... on CustomerUpdateSuccess { ${customer} } ${versions} ${erased}`,
  customerConsentRecord: `... on CustomerConsentRecordSuccess { ${customer} } ${erased}`,
  customersMerge: `... on CustomersMergeSuccess { ${customer} } ${versions} ${erased}`,
  customerErase: `... on CustomerEraseSuccess { customerId erasedAt } ${versions} ${erased}`,
  saleCustomerSet: `... on SaleCustomerSetSuccess { sale { id customer { id } } } ... on SaleNotOpen { sale { status } } ${erased}`,
  customerExport: `... on CustomerExportSuccess { document } ${erased}`,
};

/** What one does with customers, by name. */
export function customersOf({ graphql }: Pick<Pos, 'graphql'>) {
  const mutation = mutationsOver({ graphql }, { fragments, common });
  return {
    create: mutation('customerCreate', clerk),
    update: mutation('customerUpdate', clerk),
    consent: mutation('customerConsentRecord', clerk),
    merge: mutation('customersMerge', clerk),
    erase: mutation('customerErase', officer),
    exportAll: mutation('customerExport', officer),
    buys: mutation('saleCustomerSet', clerk),
    async byId(id: string, caller: CallerOptions = clerk) {
      const query = `query($id: ID!) { customer(id: $id) { ${customerFields} } }`;
      return (await graphql(query, { id }, caller)).data['customer'];
    },
    /** Ids of who is found, by name. */
    async find(query: string, caller: CallerOptions = clerk): Promise<string[]> {
      const text = 'query($query: String) { customers(query: $query) { nodes { id } } }';
      const { data } = await graphql(text, { query }, caller);
      return data['customers'].nodes.map(({ id }: { id: string }) => id);
    },
  };
}
