import { money, shared, type Call, type World } from './isolation-call.ts';

// What a tenant sells, and how it came in.

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

export async function createProducts(call: Call, { word, marker }: World): Promise<void> {
  const { locationCode } = shared;
  const facts = (label: string) => ({
    title: word(`${label}-title`),
    descriptionHtml: `<p>${word('description')}</p>`,
    vendor: word('vendor'),
    category: word('category'),
    productType: word('type'),
    productGroup: word('group'),
    seoTitle: word('seo-title'),
    seoDescription: word('seo-description'),
    styleNumber: word('style'),
    metadata: [{ key: 'custom.fabric', value: word('fabric') }],
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
  const created = await call(
    'productCreate',
    { ...facts('own'), handle: `${marker}-own`, status: 'ACTIVE', variants: [ownVariant] },
    'product { id version }',
    word('productCreate'),
  );
  const { id: productId, version: productVersion } = created['product'];
  await call('variantBarcodesGenerate', { productId, productVersion }, product);
  const sale = { name: word('sale'), timeZone: 'UTC', startsAtLocal: '2099-01-01T00:00' };
  const change = { percent: '-10' };
  await call(
    'priceListCreate',
    { ...sale, productIds: [productId], change },
    'priceList { id entriesTotal }',
  );
  const abbreviations = [{ value: word('six'), abbreviation: 'SIX' }];
  await call('skuAbbreviationsSet', { abbreviations }, 'abbreviations { value }');
  await printLabel(call, { name: word('labels'), sku: ownVariant.sku });
  const document = JSON.stringify({ title: word('entered-title') });
  await call('productDraftSave', { step: 'basics', document }, 'draft { id }');
  for (const status of ['DRAFT', 'ARCHIVED']) {
    const openingStock = [{ locationCode, quantity: 3 }];
    const variant = { sku: `SHARED-${status}`, tracking: 'QUANTITY', ...prices, openingStock };
    const created = await call(
      'productCreate',
      { ...facts(status), handle: `shared-${status.toLowerCase()}`, variants: [variant] },
      product,
    );
    const { id } = created['product'];
    await call('productStatusSet', { id, status }, product);
    // It leaves a handle and a history.
    await call('productUpdate', { id, handle: `shared-former-${status.toLowerCase()}` }, product);
    await call('productUpdate', { id, handle: `shared-${status.toLowerCase()}` }, product);
  }
  const variant = { sku: 'SHARED-DELETED', tracking: 'NONE', ...prices };
  const mistake = await call(
    'productCreate',
    { ...facts('deleted'), handle: 'shared-deleted', variants: [variant] },
    'product { id version }',
  );
  await call('productDelete', mistake['product'], 'product { id }');
}

const spareCodes = ['SHARED-TAG-2', 'SHARED-TAG-3'];

export async function receiveStock(call: Call, { word }: World): Promise<void> {
  const serials = ['SHARED-SN-2', 'SHARED-SN-3', 'SHARED-SN-4', 'SHARED-SN-5'];
  const units = serials.map((serial, index) => ({
    ...serialOf(word, { serial }),
    codes: index === 0 ? [shared.code, ...spareCodes] : [],
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

/** One delivery that is awaited, one that came in part, one that was called off. */
export async function deliverStock(call: Call, { word }: World, locationId: string): Promise<void> {
  const { quantitySku: sku, supplier, documentNumber } = shared;
  const stockReceipt = 'stockReceipt { id }';
  const announced = async (input: object): Promise<string> => {
    const lines = [{ sku, quantity: 3, unitCost: money('17.13') }];
    const delivery = { locationId, note: word('pallet'), lines, ...input };
    return (await call('stockReceiptCreate', delivery, stockReceipt))['stockReceipt'].id;
  };
  await announced({ supplier: word('supplier'), documentNumber: word('document') });
  const begun = await announced({ supplier, documentNumber });
  const lines = [{ sku, quantity: 1 }];
  const note = word('first-pallet');
  await call('stockReceiptReceive', { stockReceiptId: begun, lines, note }, stockReceipt);
  const off = await announced({ supplier });
  await call('stockReceiptCancel', { stockReceiptId: off, note: word('called-off') }, stockReceipt);
}

/** Units that get their number from the tenant's own pattern, and one that is told more about. */
export async function numberUnits(call: Call, { word, marker }: World): Promise<void> {
  const { locationCode, sku } = shared;
  const set = (stockNumberPattern: string) =>
    call('inventorySettingsUpdate', { stockNumberPattern }, 'settings { overReceiptPercent }');
  const unnamed = { locationCode, lines: [{ sku, units: [{}] }] };
  await set('SHARED-NO-{SEQ:4}');
  const received = await call('stockReceive', unnamed, 'lines { units { id stockNumber } }');
  const [unit] = received['lines'][0].units as { id: string; stockNumber: string }[];
  // Every tenant counts from 1.
  if (unit!.stockNumber !== 'SHARED-NO-0001') throw new Error(`numbered ${unit!.stockNumber}`);
  await set(`${marker}-{SEQ:4}`);
  await call('stockReceive', unnamed, 'lines { quantity }');

  const serialUnitId = unit!.id;
  const [moved, retired] = spareCodes;
  await call(
    'stockCodeMove',
    { code: moved, note: word('moved'), serialUnitId },
    'stockCode { code }',
  );
  await call('stockCodeRetire', { code: retired, note: word('retired') }, 'stockCode { code }');
  const facts = { note: word('polished'), condition: word('worn') };
  await call('serialUnitUpdate', { serialUnitId, ...facts }, 'serialUnit { id }');
  const lost = { serialUnitId, to: 'LOST', note: word('lost') };
  await call('serialUnitStatusSet', lost, 'serialUnit { id }');
}

async function printLabel(call: Call, { name, sku }: { name: string; sku: string }): Promise<void> {
  const size = { printer: 'ZPL_203', widthMm: 60, heightMm: 40 };
  const template = { name, fields: ['NAME', 'SKU'], symbology: 'NONE', ...size };
  const created = await call('labelTemplateCreate', { template }, 'labelTemplate { id }');
  const { id: labelTemplateId } = created['labelTemplate'];
  await call('labelsRender', { labelTemplateId, items: [{ sku }] }, 'labelsTotal');
}
