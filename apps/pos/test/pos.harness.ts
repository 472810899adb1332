import { randomUUID } from 'node:crypto';
import { newEvent, type DomainEvent, type EventData } from '@onecount/events';
import { createServiceClient, createSubgraphServer, type ServiceClient } from '@onecount/graphql';
import {
  createInternalTokenSigner,
  createInternalTokenVerifier,
  generateSigningKey,
} from '@onecount/identity';
import type { BackgroundTask } from '@onecount/service';
import { createLogger } from '@onecount/telemetry';
import { testDatabase, type TestDatabase } from '@onecount/testing';
import { loadConfig } from '@onecount/config';
import pg from 'pg';
import { configSchema } from '../src/config.ts';
import { productChanged } from '../src/consumers/product-changed.ts';
import { definition } from '../src/service.ts';
import { startInventoryStub, type InventoryStub, type StubItem } from './inventory-stub.ts';
import { neighbourSdl } from './neighbours.ts';

export const tenantA = '01900000-0000-7000-8000-00000000000a';
export const tenantB = '01900000-0000-7000-8000-00000000000b';

type Answer = { data: Record<string, any>; errors?: { extensions: { code: string } }[] };
type Keys = Awaited<ReturnType<typeof makeKeys>>;

export async function makeKeys() {
  const gateway = await generateSigningKey('gateway');
  const pos = await generateSigningKey('pos');
  const trustedJwks = { keys: [gateway.publicJwk, pos.publicJwk] };
  const signer = createInternalTokenSigner({ service: 'gateway', privateJwk: gateway.privateJwk });
  return { posPrivate: pos.privateJwk, trustedJwks, signer };
}

/** POS as it runs, behind HTTP and on PostgreSQL; its neighbours are stubs that speak their real SDL. */
export async function startPos(settings: Record<string, string> = {}) {
  const keys = await makeKeys();
  const { trustedJwks } = keys;
  const database = await testDatabase('pos', { poolMax: 20 });
  const inventory = await startInventoryStub(
    createInternalTokenVerifier({ audience: 'inventory', trustedJwks }),
  );
  const catalog = await startCatalogStub(
    createInternalTokenVerifier({ audience: 'catalog', trustedJwks }),
  );
  const servers: { close(): Promise<void> }[] = [inventory, catalog];
  const admin = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
  const replica = async (own: Record<string, string> = settings) => {
    const one = await startReplica({ keys, database, inventory, catalog, settings: own });
    servers.push(one);
    return one;
  };
  const first = await replica();
  return {
    ...first,
    replica,
    inventory,
    catalog,
    database,
    /** Past the tenant walls. */
    async rows<Row = Record<string, any>>(text: string, values: unknown[] = []): Promise<Row[]> {
      return (await admin.query(text, values)).rows as Row[];
    },
    async product(item: StubItem & Partial<ProductOptions>) {
      inventory.stock(item);
      const event = productEvent(item);
      await database.db.inTransaction(event.tenantId, (tx) => productChanged.handle(tx, event));
    },
    async stop() {
      await Promise.all(servers.map((server) => server.close()));
      await admin.end();
      await database.drop();
    },
  };
}

export type Pos = Awaited<ReturnType<typeof startPos>>;

type ReplicaParts = {
  keys: Keys;
  database: TestDatabase;
  inventory: InventoryStub;
  catalog: { url: string };
  settings: Record<string, string>;
};

async function startReplica({ keys, database, inventory, catalog, settings }: ReplicaParts) {
  const config = loadConfig(configSchema, {
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: database.url,
    EVENT_LOG_URL: database.url,
    INTERNAL_TRUSTED_KEYS: JSON.stringify(keys.trustedJwks),
    INVENTORY_URL: inventory.url,
    CATALOG_URL: catalog.url,
    PUBLIC_URL: 'http://pos.test',
    DOWNLOAD_SIGNING_SECRET: 'a secret of at least thirty-two characters',
    CLAIM_PATIENCE_MS: '60000',
    SWEEP_AFTER_SECONDS: '0.05',
    ...settings,
  });
  const log = createLogger({ service: 'pos', level: 'silent' });
  const signer = createInternalTokenSigner({ service: 'pos', privateJwk: keys.posPrivate });
  const clients: ServiceClient[] = [];
  const client = (name: string) => {
    const url = (config as unknown as Record<string, string>)[`${name.toUpperCase()}_URL`]!;
    const created = createServiceClient({ url, audience: name, signer, timeoutMs: 60_000 });
    clients.push(created);
    return created;
  };
  const { db } = database;
  const unasked = async (): Promise<never> => {
    throw new Error('nothing here asks for it');
  };
  const parts = await definition.start({
    config,
    db,
    log,
    backgroundLog: log,
    signer,
    client,
    wakeRelay: () => undefined,
    verifyInternalToken: unasked,
    tail: unasked,
  });
  const server = await createSubgraphServer({
    name: 'pos',
    typeDefs: [definition.typeDefs()],
    resolvers: parts.resolvers,
    routes: parts.routes,
    verifyInternalToken: createInternalTokenVerifier({
      audience: 'pos',
      trustedJwks: keys.trustedJwks,
    }),
    log,
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const graphql = graphqlOver(url, keys);
  return {
    graphql,
    url,
    ...operationsOf(graphql),
    sweeper: parts.background![0] as BackgroundTask & { sweep(): Promise<number> },
    idleBaskets: parts.background![1] as BackgroundTask & { endIdle(): Promise<number> },
    layByReminders: parts.background!.find((task) => 'remind' in task) as BackgroundTask & {
      remind(): Promise<number>;
    },
    async close() {
      await server.close();
      await Promise.all(clients.map((one) => one.close()));
    },
  };
}

type Graphql = ReturnType<typeof graphqlOver>;

/** GraphQL as the gateway sends it. */
export function graphqlOver(
  url: string,
  { signer, audience = 'pos' }: { signer: Keys['signer']; audience?: string },
) {
  return async (
    query: string,
    variables: Record<string, unknown> = {},
    { tenantId = tenantA, scopes = ['sale:write'], subject = 'cashier' } = {},
  ): Promise<Answer> => {
    const token = await signer.tokenFor({ audience, tenantId, subject, scopes });
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  };
}

const saleFields = `id status receiptNumber externalId voidReason total { amount currencyCode }
  change { amount } tenders { kind amount { amount } reference maskedNumber left { amount } }
  lines { id sku title quantity tracking unitPrice { amount } total { amount } serial serialUnit { id }
          variant { id } location { id } heldUntil note units { serial serialUnit { id } } }
  refusalReasons { lineId sku code message requested available }`;

const returnFields = `id kind number reason note returnedBy returnedAt total { amount currencyCode } sale { id } register { id } shift { id }
  lines { line { id sku returnedQuantity } quantity total { amount } disposition units { serial serialUnit { id } } }
  refunds { tenderIndex kind amount { amount } reference }`;

export const zReportFields = `id number registerName locationCode register { id } shift { id } openedBy closedBy closedAt closeReason
  figures { openingFloat { amount } sales { count total { amount currencyCode } } voids { count } cashiers { cashier count }
    tenders { kind net { amount currencyCode } } cashMovements { kind total { amount } } receipts { from to count }
    returns { count total { amount currencyCode } } refunds { kind count total { amount } }
    expected { kind amount { amount currencyCode } } }
  tenders { kind expected { amount currencyCode } counted { amount } difference { amount } }
  denominations { denomination { amount currencyCode } count total { amount } }`;
const closedShift = `id closedAt closedBy expectedCash { amount } countedCash { amount } difference { amount }
  zReport { ${zReportFields} }`;

const lineRefusals = `... on SaleLinesRefused { refusals { index sku code message requested available availableInAll locationCode } }`;
const refundOwed = `... on RefundDue { amount { amount currencyCode } sale { id status tenders { reference } expiredCheckout { id } } }`;
const leaseFields = `id device takenBy takenAt sellUntil heldUntil endedAt register { id }
  lines { id sku title serial quantity unitPrice { amount currencyCode } }`;
const storedValueRefused =
  '... on StoredValueRefused { storedValueKind problem tenderIndex requestedValue { amount } availableValue { amount } }';
const fragments: Record<string, string> = {
  saleOpen: `... on SaleOpenSuccess { basketSecret sale { ${saleFields} } } ... on ExternalIdTaken { externalId sale { id status } }
    ${lineRefusals}`,
  saleLineAdd: `... on SaleLineAddSuccess { sale { ${saleFields} } line { id sku } }
    ... on InsufficientStock { sku requested available availableInAll locationCode } ... on NotForSale { sku reason }
    ... on CurrencyMismatch { expected actual } ... on SaleNotOpen { sale { status } }
    ... on HoldNotTaken { holdId reason }`,
  saleLinesAdd: `... on SaleLinesAddSuccess { sale { ${saleFields} }
      answers { index line { id sku quantity unitPrice { amount } } refusal { index sku code requested available availableInAll locationCode } } }
    ${lineRefusals} ... on SaleNotOpen { sale { status } }`,
  saleHoldsRenew: `... on SaleHoldsRenewSuccess { sale { ${saleFields} } heldUntil lost { id sku } }
    ... on SaleNotOpen { sale { status } }`,
  saleLineUpdate: `... on SaleLineUpdateSuccess { sale { ${saleFields} } line { id quantity note unitPrice { amount } total { amount } } }
    ... on InsufficientStock { sku requested available locationCode } ... on CurrencyMismatch { expected actual }
    ... on SaleNotOpen { sale { status } }`,
  saleLineRemove: `... on SaleLineRemoveSuccess { sale { ${saleFields} } }`,
  saleCommit: `... on SaleCommitSuccess { sale { ${saleFields} } }
    ... on SaleClaimLost { reasons { lineId sku code requested available availableInAll locationCode } sale { id status } }
    ... on TenderMismatch { due { amount } tendered { amount } } ${refundOwed} ${storedValueRefused}
    ... on SaleNotOpen { sale { id status receiptNumber } }`,
  saleCheckout: `... on SaleCheckoutSuccess { sale { ${saleFields} paymentDueAt } } ... on SaleNotOpen { sale { id status } }
    ... on SaleClaimLost { reasons { sku code requested available } sale { id status } } ... on SalePending { saleId }`,
  saleRefundSettle: `... on SaleRefundSettleSuccess { sale { id refund { amount { amount } reference settledBy } } }
    ... on RefundNotDue { sale { id status } }`,
  saleRecord: `... on SaleRecordSuccess { sale { ${saleFields} } } ${lineRefusals}
    ... on SaleClaimLost {
      reasons { lineId sku code message requested available availableInAll locationCode } sale { ${saleFields} } }
    ... on TenderMismatch { due { amount currencyCode } tendered { amount currencyCode } } ${storedValueRefused}
    ... on CurrencyMismatch { expected actual } ... on ExternalIdTaken { externalId sale { id status } }
    ... on SalePending { saleId }`,
  leaseTake: `... on LeaseTakeSuccess { lease { ${leaseFields} } } ${lineRefusals} ... on RegisterInactive { registerId }`,
  leaseEnd: `... on LeaseEndSuccess { lease { ${leaseFields} } }`,
  offlineSaleRecord: `... on OfflineSaleRecordSuccess { sale { ${saleFields} soldAt } } ${lineRefusals}
    ... on SaleClaimLost { reasons { sku code requested available } sale { id status } }
    ... on TenderMismatch { due { amount } tendered { amount } } ... on CurrencyMismatch { expected actual }
    ... on SalePending { saleId } ... on RegisterClosed { registerId }`,
  saleVoid: `... on SaleVoidSuccess { sale { ${saleFields} } }
    ... on SaleAlreadyCommitted { sale { id receiptNumber } }`,
  saleReturn: `... on SaleReturnSuccess { saleReturn { ${returnFields} } } ${storedValueRefused}
    ... on SaleNotReturnable { sale { id status } } ... on ReturnExceedsSold { lineId sku soldQuantity returnedQuantity requestedQuantity }
    ... on RefundMismatch { due { amount currencyCode } refunded { amount currencyCode } }
    ... on RefundExceedsTender { tenderKind tenderIndex requested { amount } refundable { amount } }
    ... on InsufficientCash { registerId requested { amount } available { amount } }
    ... on CurrencyMismatch { expected actual } ... on RegisterClosed { registerId }`,
  salePostVoid: `... on SalePostVoidSuccess { saleReturn { ${returnFields} } }
    ... on SaleNotReturnable { sale { id status } } ... on SaleNotPostVoidable { reason sale { id } }
    ... on InsufficientCash { registerId requested { amount } available { amount } }`,
  saleExchange: `... on SaleExchangeSuccess { sale { ${saleFields} } saleReturn { ${returnFields} } }
    ... on SaleClaimLost { reasons { sku code } sale { id status } } ... on SalePending { saleId }
    ... on SaleNotReturnable { sale { id status } } ... on SaleNotOpen { sale { id status } }
    ... on ReturnExceedsSold { lineId sku soldQuantity returnedQuantity requestedQuantity }
    ... on RefundMismatch { due { amount } refunded { amount } } ... on RefundExceedsTender { refundable { amount } }
    ... on TenderMismatch { due { amount } tendered { amount } } ... on InsufficientCash { requested { amount } }
    ... on CurrencyMismatch { expected actual } ... on RegisterClosed { registerId }`,
  returnPrint: `... on ReturnPrintSuccess {
      print { id format copyNumber printedBy saleReturn { id } } file { url } contentType }`,
  registerOpen: `... on RegisterOpenSuccess { register { id name locationCode openShift { id openingFloat { amount } } } }
    ... on RegisterAlreadyOpen { registerId shiftId } ... on RegisterInactive { registerId }`,
  registerCreate: `... on RegisterCreateSuccess { register { id name locationCode isActive openShift { id } } }
    ... on RegisterNameTaken { name registerId }`,
  registerRename: `... on RegisterRenameSuccess { register { id name } } ... on RegisterNameTaken { name registerId }`,
  registerDeactivate: `... on RegisterDeactivateSuccess { register { id isActive } }
    ... on RegisterAlreadyOpen { registerId shiftId }`,
  registerReactivate: `... on RegisterReactivateSuccess { register { id isActive } }`,
  registerClose: `... on RegisterCloseSuccess { register { id openShift { id } } shift { ${closedShift} } }
    ... on ShiftHasPendingSales { saleIds }
    ... on DenominationsMismatch { countedCash { amount } denominationsTotal { amount } }`,
  cashMovementAdd: `... on CashMovementAddSuccess { movement {
      id kind amount { amount currencyCode } reason note recordedBy register { id } shift { id } } }
    ... on InsufficientCash { registerId requested { amount currencyCode } available { amount } }
    ... on CurrencyMismatch { expected actual }`,
  receiptPrint: `... on ReceiptPrintSuccess {
      print { id kind format copyNumber printedBy printedAt } file { url expiresAt } contentType }
    ... on SaleNotCommitted { sale { id status } }`,
  receiptMail: `... on ReceiptMailSuccess { print { id kind copyNumber printedBy } }
    ... on CustomerHasNoEmail { saleId }`,
  receiptSettingsSet: `... on ReceiptSettingsSetSuccess { settings {
      shopName addressLines taxNumber header footer locale timeZone setBy location { id } } }`,
  shiftForceClose: `... on ShiftForceCloseSuccess { shift { ${closedShift} } }
    ... on ShiftHasPendingSales { saleIds } ... on ShiftAlreadyClosed { shiftId closedAt }`,
};

const common = `... on UserError { code message } ... on InvalidInput { field value } ... on NotFound { kind id }`;

export type Result = { __typename: string; [data: string]: any };
type Input = Record<string, unknown>;

export const manager = { scopes: ['register:manage'], subject: 'manager' };

type Ask = (input: Input, caller?: CallerOptions) => Promise<Result>;

/**
 * Mutations by name: each asks for what all answers have in common and for what `fragments` has of its own, under a key of its
 * own unless one is given. Throws what is no answer. `usual`: who asks where nobody else is named.
 */
export function mutationsOver(
  { graphql }: { graphql: Graphql },
  selected: { fragments: Record<string, string>; common: string },
) {
  return (name: string, usual?: CallerOptions): Ask => {
    const typename = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const answers = `__typename ${selected.common} ${selected.fragments[name]}`;
    const query = `mutation($input: ${typename}!) { ${name}(input: $input) { ${answers} } }`;
    return async (input, caller = usual) => {
      const variables = { input: { idempotencyKey: randomUUID(), ...input } };
      const answer = await graphql(query, variables, caller);
      if (!answer.data?.[name]) throw new Error(JSON.stringify(answer.errors));
      return answer.data[name] as Result;
    };
  };
}

export function operationsOf(graphql: Graphql) {
  const mutation = mutationsOver({ graphql }, { fragments, common });
  const operations = {
    saleOpen: mutation('saleOpen'),
    saleLineAdd: mutation('saleLineAdd'),
    saleLinesAdd: mutation('saleLinesAdd'),
    saleHoldsRenew: mutation('saleHoldsRenew'),
    saleLineUpdate: mutation('saleLineUpdate'),
    saleLineRemove: mutation('saleLineRemove'),
    saleCommit: mutation('saleCommit'),
    saleCheckout: mutation('saleCheckout'),
    saleRefundSettle: mutation('saleRefundSettle'),
    saleRecord: mutation('saleRecord'),
    leaseTake: mutation('leaseTake'),
    leaseEnd: mutation('leaseEnd'),
    offlineSaleRecord: mutation('offlineSaleRecord'),
    saleVoid: mutation('saleVoid'),
    saleReturn: mutation('saleReturn', { scopes: ['sale:return'] }),
    salePostVoid: mutation('salePostVoid', manager),
    saleExchange: mutation('saleExchange', { scopes: ['sale:return'] }),
    returnPrint: mutation('returnPrint'),
    registerOpen: mutation('registerOpen'),
    registerCreate: mutation('registerCreate', manager),
    registerRename: mutation('registerRename', manager),
    registerDeactivate: mutation('registerDeactivate', manager),
    registerReactivate: mutation('registerReactivate', manager),
    registerClose: mutation('registerClose'),
    shiftForceClose: mutation('shiftForceClose', manager),
    cashMovementAdd: mutation('cashMovementAdd'),
    receiptPrint: mutation('receiptPrint'),
    receiptMail: mutation('receiptMail'),
    receiptSettingsSet: mutation('receiptSettingsSet', manager),
  };
  return { ...operations, ...builders(operations) };
}

type CallerOptions = { tenantId?: string; scopes?: string[]; subject?: string };
type Mutation = (input: Input, caller?: CallerOptions) => Promise<Result>;

function builders({ saleOpen, saleLineAdd }: { saleOpen: Mutation; saleLineAdd: Mutation }) {
  /** An OPEN sale of channel WEB with one line per SKU. */
  const basket = async (...skus: string[]): Promise<string> => {
    const opened = await saleOpen({ channel: 'WEB', currencyCode: 'EUR' });
    const saleId = opened['sale'].id as string;
    for (const sku of skus) {
      const added = await saleLineAdd({ saleId, sku });
      if (added.__typename !== 'SaleLineAddSuccess') throw new Error(JSON.stringify(added));
    }
    return saleId;
  };
  return { basket };
}

export const cash = (amount: string, currencyCode = 'EUR') => ({
  kind: 'CASH',
  amount: { amount, currencyCode },
});
export const card = (amount: string, currencyCode = 'EUR') => ({
  kind: 'CARD',
  amount: { amount, currencyCode },
});

type Status = EventData<'catalog.product-changed'>['status'];
type ProductOptions = {
  tenantId: string;
  priceMinor: number | null;
  currencyCode: string;
  status: Status;
  isActive: boolean;
  version: number;
  productId: string;
  variantId: string;
  category: string;
  vendor: string;
  taxCode: string;
  isTaxable: boolean;
};

const productIds = new Map<string, string>();

export function productEvent(
  item: StubItem & Partial<ProductOptions>,
): DomainEvent<'catalog.product-changed'> {
  const { priceMinor = 10_000, currencyCode = 'EUR', version = 1, tenantId = tenantA } = item;
  const productId = item.productId ?? productIds.get(item.sku) ?? randomUUID();
  productIds.set(item.sku, productId);
  const title = item.title ?? item.sku;
  return newEvent('catalog.product-changed', {
    tenantId,
    aggregateId: productId,
    sequence: version,
    data: {
      productId,
      version,
      handle: item.sku.toLowerCase(),
      title,
      status: item.status ?? 'ACTIVE',
      ...(item.category === undefined ? {} : { categoryPath: item.category }),
      ...(item.vendor === undefined ? {} : { vendor: item.vendor }),
      tags: [],
      options: [],
      media: [],
      variants: [
        {
          variantId: item.variantId ?? randomUUID(),
          sku: item.sku,
          title,
          fullTitle: title,
          position: 1,
          ...(priceMinor === null ? {} : { price: { amountMinor: priceMinor, currencyCode } }),
          optionValues: [],
          tracking: item.tracking,
          isActive: item.isActive ?? true,
          isTaxable: item.isTaxable ?? true,
          ...(item.taxCode === undefined ? {} : { taxCode: item.taxCode }),
          requiresShipping: true,
        },
      ],
    },
  });
}

type Verifier = ReturnType<typeof createInternalTokenVerifier>;

/** Knows what was put into `variants` and counts how often it was asked. */
async function startCatalogStub(verifyInternalToken: Verifier) {
  const variants = new Map<string, Record<string, unknown>>();
  const asked: string[] = [];
  const server = await createSubgraphServer({
    name: 'catalog',
    typeDefs: neighbourSdl('catalog'),
    verifyInternalToken,
    log: createLogger({ service: 'catalog-stub', level: 'silent' }),
    resolvers: {
      Query: {
        variantForSale(_: unknown, { sku }: { sku: string }) {
          asked.push(sku);
          return variants.get(sku) ?? null;
        },
      },
    },
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return { url, variants, asked, close: () => server.close() };
}
