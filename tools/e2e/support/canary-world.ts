import { graphqlClient, eventually, type GraphqlClient, type Outcome } from '@onecount/testing';

/**
 * What both tenants call alike. A tenant that could not use a SKU, a serial or a key because another one
 * does would learn that the other one has it.
 */
export const shared = {
  locationCode: 'CANARY',
  handle: 'canary-ring',
  sku: 'CANARY-RING-6',
  quantitySku: 'CANARY-RING-7',
  serial: 'CANARY-SN-1',
  stockNumber: 'CANARY-ST-1',
  code: 'CANARY-TAG-1',
  barcode: '4006381333931',
  externalId: 'canary-order-1001',
};

export type World = {
  tenantId: string;
  /** Stands in every text of this tenant, in any capitalisation, and nowhere else. */
  marker: string;
  word(label: string): string;
  client: GraphqlClient;
  /** Every mutation that made this world, in order and word for word. */
  script: Command[];
  passportUrls: string[];
  uploadUrls: string[];
};

export type Command = { name: string; query: string; variables: Variables };
type Variables = { input: { idempotencyKey: string; [field: string]: unknown } };

type Seed = {
  graphqlUrl: string;
  token: string;
  tenantId: string;
  marker: string;
  webhookUrl: string;
};
type Call = (name: string, input: object, selection: string, key?: string) => Promise<Outcome>;

const money = (amount: string) => ({ amount, currencyCode: 'USD' });

/** One of everything that a tenant can have, each text with the tenant's marker in it. */
export async function createWorld(seed: Seed): Promise<World> {
  const { marker, tenantId } = seed;
  const client = graphqlClient(seed.graphqlUrl, seed.token);
  const script: Command[] = [];
  const word = (label: string) => `${marker}-${label}`;
  const world: World = {
    ...{ tenantId, marker, word, client, script },
    passportUrls: [],
    uploadUrls: [],
  };
  const call = callerOf(client, script);
  const shop = await call(
    'locationCreate',
    { code: shared.locationCode, name: word('location') },
    'location { id }',
  );
  await createProducts(call, world);
  await receiveStock(call, world);
  await connectShops(call, world, seed.webhookUrl);
  await keepStock(call, world);
  await sendStock(call, world, shop['location'].id as string);
  await countStock(call, world, shop['location'].id as string);
  await sell(call, world);
  await repairAndVouch(call, world);
  await importFile(call, world);
  return world;
}

// A key is the same in every tenant, unless one is given that only this tenant has.
function callerOf(client: GraphqlClient, script: Command[]): Call {
  return async (name, input, selection, key) => {
    const type = name[0]!.toUpperCase() + name.slice(1);
    const idempotencyKey = key ?? `canary-${name}-${script.length}`;
    const query = `mutation ($input: ${type}Input!) { result: ${name}(input: $input) {
      __typename ... on UserError { code message } ... on ${type}Success { ${selection} } } }`;
    const variables = { input: { idempotencyKey, ...input } };
    script.push({ name, query, variables });
    const { result } = await client.data<{ result: Outcome }>(query, variables);
    if (result.__typename !== `${type}Success`)
      throw new Error(`${name}: ${JSON.stringify(result)}`);
    return result;
  };
}

function serialOf(word: World['word'], named: { serial: string; stockNumber?: string }) {
  return {
    ...named,
    certificate: {
      number: word('certificate'),
      lab: word('lab'),
      grade: word('grade'),
      reportUrl: `https://lab.example/${word('report')}`,
    },
    attributes: [{ key: word('fact'), value: word('value') }],
    photos: [`https://img.example/${word('photo')}.jpg`],
  };
}

async function createProducts(call: Call, { word, marker }: World): Promise<void> {
  const { locationCode } = shared;
  const facts = (label: string) => ({
    title: word(`${label}-title`),
    descriptionHtml: `<p>${word('description')}</p>`,
    vendor: word('vendor'),
    category: word('category'),
    productType: word('type'),
    tags: [word('tag')],
    media: [{ url: `https://img.example/${word('media')}.jpg`, alt: word('alt') }],
  });
  const prices = { price: money('420.00'), compareAtPrice: money('520.00'), cost: money('117.13') };
  const serials = [serialOf(word, { serial: shared.serial, stockNumber: shared.stockNumber })];
  const variants = [
    {
      sku: shared.sku,
      optionValues: [word('six')],
      tracking: 'SERIAL',
      barcode: shared.barcode,
      ...prices,
      openingStock: [{ locationCode, serials }],
    },
    {
      sku: shared.quantitySku,
      optionValues: [word('seven')],
      tracking: 'QUANTITY',
      ...prices,
      openingStock: [{ locationCode, quantity: 20 }],
    },
  ];
  const options = [{ name: word('size'), values: [word('six'), word('seven')] }];
  const product = 'product { id }';
  await call(
    'productCreate',
    { ...facts('ring'), handle: shared.handle, status: 'ACTIVE', options, variants },
    product,
  );
  // Pieces that no other tenant has a namesake of.
  const own = ['OWN-1', 'OWN-2', 'OWN-3'].map((serial) => serialOf(word, { serial: word(serial) }));
  const ownVariant = {
    sku: word('SKU'),
    tracking: 'SERIAL',
    ...prices,
    openingStock: [{ locationCode, serials: own }],
  };
  await call(
    'productCreate',
    { ...facts('own'), handle: `${marker}-own`, status: 'ACTIVE', variants: [ownVariant] },
    product,
    word('productCreate'),
  );
  for (const status of ['DRAFT', 'ARCHIVED']) {
    const openingStock = [{ locationCode, quantity: 3 }];
    const variant = { sku: `CANARY-${status}`, tracking: 'QUANTITY', ...prices, openingStock };
    const created = await call(
      'productCreate',
      { ...facts(status), handle: `canary-${status.toLowerCase()}`, variants: [variant] },
      product,
    );
    await call('productStatusSet', { id: created['product'].id, status }, product);
  }
}

async function receiveStock(call: Call, { word }: World): Promise<void> {
  const serials = ['CANARY-SN-2', 'CANARY-SN-3', 'CANARY-SN-4', 'CANARY-SN-5'];
  const units = serials.map((serial, index) => ({
    ...serialOf(word, { serial }),
    codes: index === 0 ? [shared.code] : [],
  }));
  const lines = [
    { sku: shared.sku, units, unitCost: money('117.13') },
    { sku: shared.quantitySku, quantity: 5, unitCost: money('17.13') },
  ];
  const { locationCode } = shared;
  const texts = { note: word('note'), reference: word('delivery') };
  const received = await call(
    'stockReceive',
    { locationCode, lines, ...texts },
    'lines { location { id } }',
  );
  const locationId = received['lines'][0].location.id as string;
  await call(
    'stockAdjust',
    { sku: shared.quantitySku, locationId, quantity: -1, reason: 'OTHER', note: word('reason') },
    'movement { id }',
  );
}

async function keepStock(call: Call, { word }: World): Promise<void> {
  const hold = 'hold { id }';
  const soft = { sku: shared.quantitySku, kind: 'SOFT', holdSeconds: 86_400, channel: 'WEB' };
  await call('holdCreate', soft, hold);
  await call(
    'holdCreate',
    { sku: shared.sku, serial: 'CANARY-SN-2', kind: 'HARD', purpose: 'MEMO' },
    hold,
  );
  const ended = await call('holdCreate', { ...soft, purpose: 'OTHER' }, hold);
  await call('holdRelease', { holdId: ended['hold'].id }, hold);
  const finding = await call(
    'stockItemCreate',
    { sku: word('finding'), title: word('clasp'), category: word('bench'), tracking: 'QUANTITY' },
    'stockItem { id }',
  );
  await call(
    'stockCodeAssign',
    { code: word('label'), note: word('note'), stockItemId: finding['stockItem'].id },
    'stockCode { code }',
  );
}

async function sendStock(call: Call, { word }: World, fromLocationId: string): Promise<void> {
  const other = { code: `${shared.locationCode}-2`, name: word('other-location') };
  const created = await call('locationCreate', other, 'location { id }');
  const route = { fromLocationId, toLocationId: created['location'].id as string };
  const transfer = 'transfer { id }';
  for (const isSent of [false, true]) {
    const lines = [{ sku: shared.quantitySku, quantity: 1 }];
    const made = await call('transferCreate', { ...route, lines, note: word('van') }, transfer);
    const transferId = made['transfer'].id as string;
    if (isSent) await call('transferDispatch', { transferId }, transfer);
  }
}

// One that is under review and one that is being counted: each step is open to whoever asks for it.
async function countStock(call: Call, { word }: World, locationId: string): Promise<void> {
  const stocktake = 'stocktake { id }';
  for (const isReviewed of [false, true]) {
    const begun = await call('stocktakeCreate', { locationId, note: word('count') }, stocktake);
    const stocktakeId = begun['stocktake'].id as string;
    const scannedAt = new Date().toISOString();
    const codeList = `${shared.code} ${word('unknown')}`;
    const batch = { stocktakeId, device: word('device'), batchKey: word('batch'), codeList };
    await call('stocktakeScan', { ...batch, scannedAt }, 'accepted');
    if (isReviewed) await call('stocktakeReview', { stocktakeId }, stocktake);
  }
}

async function sell(call: Call, { word }: World): Promise<void> {
  const { locationCode, sku, quantitySku } = shared;
  const register = { locationCode, openingFloat: money('100.00') };
  const till = await call(
    'registerOpen',
    { ...register, registerName: word('till') },
    'register { id }',
  );
  const closed = await call(
    'registerOpen',
    { ...register, registerName: word('till-2') },
    'register { id }',
  );
  await call(
    'registerClose',
    { registerId: closed['register'].id, countedCash: money('99.00') },
    'shift { id }',
  );
  const open = async (input: object): Promise<string> =>
    (await call('saleOpen', { currencyCode: 'USD', ...input }, 'sale { id }'))['sale'].id;
  const line = 'line { id } sale { total { amount currencyCode } }';
  const add = (saleId: string, input: object) => call('saleLineAdd', { saleId, ...input }, line);

  const counter = { channel: 'COUNTER', registerId: till['register'].id as string };
  const basket = await open(counter);
  await add(basket, { sku, serial: 'CANARY-SN-3' });
  const removed = await add(basket, { sku: quantitySku });
  await call('saleLineRemove', { saleId: basket, lineId: removed['line'].id }, 'sale { id }');

  const paid = await open({ channel: 'WEB', locationCode, externalId: shared.externalId });
  const sold = await add(paid, { sku, serial: shared.serial });
  const tenders = [{ kind: 'CARD', amount: sold['sale'].total, reference: word('slip') }];
  await call('saleCommit', { saleId: paid, tenders }, 'sale { id }', word('saleCommit'));

  const voided = await open(counter);
  await add(voided, { sku: quantitySku, quantity: 2 });
  await call('saleVoid', { saleId: voided, reason: word('void') }, 'sale { id }');
}

async function repairAndVouch(call: Call, world: World): Promise<void> {
  const { word } = world;
  const customer = {
    workRequested: word('work'),
    customerName: word('customer'),
    customerPhone: word('phone'),
  };
  const { sku } = shared;
  await call('repairOpen', { ...customer, sku, serial: 'CANARY-SN-4' }, 'repair { id }');
  const own = { ...customer, pieceDescription: word('heirloom') };
  const repair = await call('repairOpen', own, 'repair { id }', word('repairOpen'));
  await call('repairStageSet', { repairId: repair['repair'].id, stage: 'QUOTED' }, 'repair { id }');
  for (const piece of [
    { sku, serial: shared.serial },
    { sku: word('SKU'), serial: word('OWN-1') },
  ]) {
    const issued = await call('passportIssue', piece, 'passport { url }');
    world.passportUrls.push(issued['passport'].url);
  }
}

async function importFile(call: Call, world: World): Promise<void> {
  const { word, client } = world;
  const rows = [
    'Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Status',
    `canary-import,${word('import-title')},<p>x</p>,${word('vendor')},${word('type')},x,TRUE,CANARY-IMPORT,shopify,4,12.00,active`,
    `canary-broken,${word('broken-title')},<p>x</p>,x,x,x,TRUE,CANARY-BROKEN,shopify,4,${word('price')},active`,
  ];
  const upload = 'upload { id url }';
  const filename = `${word('file')}.csv`;
  const used = await call('stagedUploadCreate', { filename }, upload);
  const unused = await call('stagedUploadCreate', { filename }, upload, word('stagedUploadCreate'));
  world.uploadUrls.push(used['upload'].url, unused['upload'].url);
  await fetch(used['upload'].url as string, {
    method: 'PUT',
    headers: { 'content-type': 'text/csv' },
    body: `${rows.join('\n')}\n`,
  });
  const input = {
    uploadId: used['upload'].id,
    locationCode: shared.locationCode,
    currencyCode: 'USD',
  };
  const started = await call('productImportStart', input, 'productImport { id }');
  await eventually(
    async () => {
      const query = 'query ($id: ID!) { productImport(id: $id) { status } }';
      const answer = await client.data<Record<string, { status: string }>>(query, {
        id: started['productImport'].id,
      });
      return answer['productImport']!.status === 'COMPLETED';
    },
    { timeoutMs: 60_000, intervalMs: 200, what: 'the import' },
  );
}

async function connectShops(call: Call, { word }: World, webhookUrl: string): Promise<void> {
  const webhook = { url: webhookUrl };
  const locationCodes = [shared.locationCode];
  const connection = 'connection { id }';
  await call('connectionCreate', { name: word('shop'), locationCodes, webhook }, connection);
  const second = await call('connectionCreate', { name: word('shop-2'), webhook }, connection);
  const connectionId = second['connection'].id as string;
  await call('connectionPause', { connectionId }, connection);
  await call('connectionResume', { connectionId }, connection);
  await call('connectionPause', { connectionId }, connection);
}
