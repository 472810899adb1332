import { money, shared, type Call, type World } from './isolation-call.ts';

// What becomes of goods that are there: held, sent, counted, numbered, converted, earning.

export async function keepStock(call: Call, { word }: World): Promise<void> {
  const hold = 'hold { id }';
  const soft = { sku: shared.quantitySku, kind: 'SOFT', holdSeconds: 86_400, channel: 'WEB' };
  await call('holdCreate', soft, hold);
  await call(
    'holdCreate',
    { sku: shared.sku, serial: 'SHARED-SN-2', kind: 'HARD', purpose: 'MEMO' },
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

/** Goods that are packed, on their way, and missing. */
export async function sendStock(
  call: Call,
  { word }: World,
  fromLocationId: string,
): Promise<void> {
  const other = { code: `${shared.locationCode}-2`, name: word('other-location') };
  const created = await call('locationCreate', other, 'location { id }');
  const route = { fromLocationId, toLocationId: created['location'].id as string };
  const transfer = 'transfer { id lines(first: 1) { nodes { id } } }';
  const packed = async () => {
    const lines = [{ sku: shared.quantitySku, quantity: 1 }];
    const note = word('van');
    return (await call('transferCreate', { ...route, lines, note }, transfer))['transfer'];
  };
  await packed();
  const sent = await packed();
  await call('transferDispatch', { transferId: sent.id }, transfer);
  const missed = await packed();
  await call('transferDispatch', { transferId: missed.id }, transfer);
  const missing = { outcome: 'MISSING', reason: 'LOSS', quantity: 1, note: word('robbed') };
  const differences = [{ ...missing, transferLineId: missed.lines.nodes[0].id as string }];
  await call('transferClose', { transferId: missed.id, differences }, transfer);
}

/** One of two stones gets a name; the item is named by its id, which only its tenant can. */
export async function convertStock(call: Call, { word }: World, locationId: string): Promise<void> {
  const { stoneSku: sku, locationCode } = shared;
  const stone = { sku, title: word('stone'), category: word('stones'), tracking: 'QUANTITY' };
  const created = await call('stockItemCreate', stone, 'stockItem { id }');
  const stockItemId = created['stockItem'].id as string;
  const lines = [{ sku, quantity: 2, unitCost: money('5.00') }];
  await call('stockReceive', { locationCode, lines }, 'lines { quantity }');
  const units = [
    { serial: 'SHARED-STONE-1', photos: [`https://img.example/${word('stone')}.jpg`], locationId },
  ];
  await call('stockItemConvertToSerial', { stockItemId, units }, 'stockItem { id }');
}

/** An item that is low, and is to be ordered. */
export async function watchStock(call: Call, { word }: World, locationId: string): Promise<void> {
  const { countedSku: sku, locationCode } = shared;
  const item = { sku, title: word('chain'), tracking: 'QUANTITY', lowStockThreshold: 100 };
  const created = await call('stockItemCreate', item, 'stockItem { id }');
  const lines = [{ sku, quantity: 9, unitCost: money('3.00') }];
  await call('stockReceive', { locationCode, lines }, 'lines { quantity }');
  const stockItemId = created['stockItem'].id as string;
  const rule = { stockItemId, locationId, point: 100, quantity: 10 };
  await call('reorderRuleSet', rule, 'stockItem { id }');
  await call('inventoryRepublish', { movements: true }, 'republish { id }');
}

type Count = { scope?: string; scopeValue?: string };

/** One that was posted; then one under review, of which something was counted twice, and one that is being counted. */
export async function countStock(call: Call, { word }: World, locationId: string): Promise<void> {
  const { countedSku, device, batchKey } = shared;
  const stocktake = 'stocktake { id lines { nodes { stockItem { id sku } } } }';
  const begin = async (count: Count = {}): Promise<string> =>
    (await call('stocktakeCreate', { locationId, note: word('count'), ...count }, stocktake))[
      'stocktake'
    ].id;
  const scan = (stocktakeId: string, batch: object) => {
    const scannedAt = new Date().toISOString();
    const scans = [{ code: countedSku, quantity: 8, scannedAt }];
    return call('stocktakeScan', { stocktakeId, device, scans, scannedAt, ...batch }, 'accepted');
  };
  const review = async (stocktakeId: string) =>
    (await call('stocktakeReview', { stocktakeId }, stocktake))['stocktake'].lines.nodes;

  const posted = await begin({ scope: 'SKU_PREFIX', scopeValue: countedSku });
  await scan(posted, { batchKey });
  const [line] = await review(posted);
  await call('stocktakePost', { stocktakeId: posted }, stocktake);

  const heard = { device: word('reader'), codeList: `${shared.code} ${word('unknown')}` };
  const reviewed = await begin();
  await scan(reviewed, { batchKey });
  await review(reviewed);
  const stockItemIds = [line.stockItem.id as string];
  await call('stocktakeRecount', { stocktakeId: reviewed, stockItemIds }, 'items');
  await scan(reviewed, { ...heard, batchKey: word('batch') });
  await review(reviewed);
  await scan(await begin(), { ...heard, batchKey });
}
