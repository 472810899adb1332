import { randomUUID } from 'node:crypto';
import { eventually } from './eventually.ts';
import type { GraphqlClient, Variables } from './graphql-client.ts';

/** A member of a mutation's result union: its name, and what it carries. */
export type Outcome = { __typename: string; message?: string; code?: string; [data: string]: any };

export type Tracking = 'NONE' | 'QUANTITY' | 'SERIAL';
export type Piece = { sku: string; productId: string; variantId: string; serials: string[] };
export type Purchase = {
  channel: 'COUNTER' | 'WEB';
  registerId?: string | undefined;
  locationCode?: string | undefined;
  sku: string;
  serial?: string | undefined;
  quantity?: number;
};

const refusal = '... on UserError { code message }';
const shortage = '... on InsufficientStock { sku requested available }';
const taken = '... on UnitNotAvailable { sku serial unitStatus heldBy }';
const refusedLines = '... on SaleLinesRefused { refusals { index sku code message } }';
const saleFields =
  'id status receiptNumber total { amount currencyCode } lines { id sku serial quantity }';

const mutations = {
  productCreate: `mutation ($input: ProductCreateInput!) { result: productCreate(input: $input) {
    __typename ${refusal} ... on ProductCreateSuccess { inventoryPending product { id variants { nodes { id sku } } } } } }`,
  variantsUpdate: `mutation ($input: VariantsUpdateInput!) { result: variantsUpdate(input: $input) {
    __typename ${refusal} ... on VariantsUpdateSuccess { variantsChanged } } }`,
  registerOpen: `mutation ($input: RegisterOpenInput!) { result: registerOpen(input: $input) {
    __typename ${refusal} ... on RegisterOpenSuccess { register { id name } } } }`,
  saleOpen: `mutation ($input: SaleOpenInput!) { result: saleOpen(input: $input) {
    __typename ${refusal} ${refusedLines} ... on SaleOpenSuccess { sale { ${saleFields} } } } }`,
  saleLineAdd: `mutation ($input: SaleLineAddInput!) { result: saleLineAdd(input: $input) {
    __typename ${refusal} ${shortage} ${taken}
    ... on SaleLineAddSuccess { sale { ${saleFields} } line { id } } } }`,
  saleLineUpdate: `mutation ($input: SaleLineUpdateInput!) { result: saleLineUpdate(input: $input) {
    __typename ${refusal} ${shortage}
    ... on SaleLineUpdateSuccess { sale { ${saleFields} } line { id quantity } } } }`,
  saleCommit: `mutation ($input: SaleCommitInput!) { result: saleCommit(input: $input) {
    __typename ${refusal} ... on SaleCommitSuccess { sale { ${saleFields} } }
    ... on SaleClaimLost { reasons { lineId sku code message } } } }`,
  saleRecord: `mutation ($input: SaleRecordInput!) { result: saleRecord(input: $input) {
    __typename ${refusal} ${refusedLines} ... on SaleRecordSuccess { sale { ${saleFields} } }
    ... on SaleClaimLost { reasons { lineId sku code message } } } }`,
  saleVoid: `mutation ($input: SaleVoidInput!) { result: saleVoid(input: $input) {
    __typename ${refusal} ... on SaleVoidSuccess { sale { ${saleFields} } } } }`,
  saleReturn: `mutation ($input: SaleReturnInput!) { result: saleReturn(input: $input) {
    __typename ${refusal} ... on SaleReturnSuccess { saleReturn { id number total { amount } } } } }`,
  saleExchange: `mutation ($input: SaleExchangeInput!) { result: saleExchange(input: $input) {
    __typename ${refusal} ... on SaleExchangeSuccess { sale { ${saleFields} } saleReturn { id } } } }`,
  customerCreate: `mutation ($input: CustomerCreateInput!) { result: customerCreate(input: $input) {
    __typename ${refusal} ... on CustomerCreateSuccess { customer { id } } } }`,
  consignmentOpen: `mutation ($input: ConsignmentOpenInput!) { result: consignmentOpen(input: $input) {
    __typename ${refusal} ... on ConsignmentOpenSuccess { agreement { id } } } }`,
  consignmentPieceAdd: `mutation ($input: ConsignmentPieceAddInput!) { result: consignmentPieceAdd(input: $input) {
    __typename ${refusal} ... on ConsignmentPieceAddSuccess { piece { id } } } }`,
  rentalBook: `mutation ($input: RentalBookInput!) { result: rentalBook(input: $input) {
    __typename ${refusal} ... on RentalBookSuccess { rental { id } } } }`,
  rentalOut: `mutation ($input: RentalOutInput!) { result: rentalOut(input: $input) {
    __typename ${refusal} ... on RentalOutSuccess { rental { id } } } }`,
  stockReceive: `mutation ($input: StockReceiveInput!) { result: stockReceive(input: $input) {
    __typename ${refusal} } }`,
} as const;
export type ShopMutation = keyof typeof mutations;

export type Shop = ReturnType<typeof createShop>;

/** What a shop does all day, through the gateway. Each call makes its own idempotency key unless given one. */
export function createShop(client: GraphqlClient) {
  const call = async (name: ShopMutation, input: Variables): Promise<Outcome> => {
    const query = mutations[name];
    const variables = { input: { idempotencyKey: randomUUID(), ...input } };
    return (await client.data<{ result: Outcome }>(query, variables)).result;
  };
  const expecting = async (name: ShopMutation, input: Variables): Promise<Outcome> => {
    const outcome = await call(name, input);
    if (outcome.__typename.endsWith('Success')) return outcome;
    throw new Error(`${name}: ${JSON.stringify(outcome)}`);
  };
  return {
    call,
    expecting,
    /** A product of one variant, 4,200.00 USD, with its opening stock at a location. */
    createPiece: (piece: NewPiece) => createPiece(expecting, piece),
    openRegister: async (locationCode = 'HQ') =>
      (await expecting('registerOpen', { locationCode, registerName: `Till ${randomUUID()}` }))[
        'register'
      ].id as string,
    /** Basket, one line, payment; stops at the first refusal and returns it. */
    buy: (purchase: Purchase, keys?: { commit?: string }) => buy(call, purchase, keys),
    /** The basket opened with its line, payment. */
    buyInTwo: (purchase: Purchase) => buyInTwo(call, purchase),
    /** A sale that is paid already, `amount` in USD for each. */
    record: (purchase: Purchase, paid: { amount: string }) => record(call, purchase, paid),
  };
}

type Call = (name: ShopMutation, input: Variables) => Promise<Outcome>;
export type NewPiece = {
  sku?: string;
  title?: string;
  tracking?: Tracking;
  quantity?: number;
  serials?: string[];
  locationCode?: string;
};

async function createPiece(expecting: Call, piece: NewPiece): Promise<Piece> {
  const { tracking = 'SERIAL', locationCode = 'HQ' } = piece;
  const sku = piece.sku ?? `SKU-${randomUUID().slice(0, 13).toUpperCase()}`;
  const serials = tracking === 'SERIAL' ? (piece.serials ?? [`SN-${sku}`]) : [];
  const openingStock = {
    NONE: [],
    QUANTITY: [{ locationCode, quantity: piece.quantity ?? 1 }],
    SERIAL: [{ locationCode, serials: serials.map((serial) => ({ serial })) }],
  }[tracking];
  const input = {
    idempotencyKey: randomUUID(),
    title: piece.title ?? `Piece ${sku}`,
    status: 'ACTIVE',
    variants: [{ sku, tracking, price: { amount: '4200.00', currencyCode: 'USD' }, openingStock }],
  };
  const { product } = await eventually(async () => {
    const created = await expecting('productCreate', input);
    return !created['inventoryPending'] && created;
  });
  return { sku, serials, productId: product.id, variantId: product.variants.nodes[0].id };
}

async function buy(call: Call, purchase: Purchase, keys: { commit?: string } = {}) {
  const { channel, registerId, locationCode, sku, serial, quantity = 1 } = purchase;
  const opened = await call('saleOpen', { channel, registerId, locationCode, currencyCode: 'USD' });
  if (opened.__typename !== 'SaleOpenSuccess') return opened;
  const saleId = opened['sale'].id as string;
  const added = await call('saleLineAdd', { saleId, sku, serial, quantity });
  if (added.__typename !== 'SaleLineAddSuccess') return { ...added, saleId };
  const committed = await settled(call, 'saleCommit', {
    saleId,
    tenders: [{ kind: 'CARD', amount: added['sale'].total }],
    idempotencyKey: keys.commit ?? randomUUID(),
  });
  return { ...committed, saleId };
}

/** Asks again under the same key, as a till does, until the sale has come to its end. */
async function settled(
  call: Call,
  name: 'saleCommit' | 'saleRecord',
  input: Variables,
): Promise<Outcome> {
  for (;;) {
    const outcome = await call(name, input);
    if (outcome.__typename !== 'SalePending') return outcome;
  }
}

async function buyInTwo(call: Call, { sku, serial, quantity = 1, ...place }: Purchase) {
  const lines = [{ sku, serial, quantity }];
  const opened = await call('saleOpen', { ...place, currencyCode: 'USD', lines });
  if (opened.__typename !== 'SaleOpenSuccess') return opened;
  const { id: saleId, total } = opened['sale'];
  const tenders = [{ kind: 'CARD', amount: total }];
  const committed = await settled(call, 'saleCommit', {
    ...{ saleId, tenders, idempotencyKey: randomUUID() },
  });
  return { ...committed, saleId };
}

function record(call: Call, purchase: Purchase, { amount }: { amount: string }): Promise<Outcome> {
  const { sku, serial, quantity = 1, ...place } = purchase;
  const unitPrice = { amount, currencyCode: 'USD' };
  const total = { ...unitPrice, amount: (Number(amount) * quantity).toFixed(2) };
  const lines = [{ sku, serial, quantity, unitPrice }];
  const tenders = [{ kind: 'CARD', amount: total }];
  const sale = { ...place, currencyCode: 'USD', lines, tenders, idempotencyKey: randomUUID() };
  return settled(call, 'saleRecord', sale);
}
