import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@onecount/testing';
import { openStockRoom, openTestDatabase, type StockRoom } from '../../../test/stock-room.ts';
import { openSubgraph } from '../../../test/subgraph.ts';

describe('deliveries, costs and corrections, in the graph', () => {
  let database: TestDatabase;
  let room: StockRoom;
  let subgraph: Awaited<ReturnType<typeof openSubgraph>>;
  beforeAll(async () => {
    database = await openTestDatabase();
    subgraph = await openSubgraph(database);
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  async function ask(source: string, variables: object = {}) {
    const { data, codes } = await subgraph({ tenantId: room.tenantId }, source, { ...variables });
    expect(codes).toEqual([]);
    return data;
  }
  const change = async (name: string, type: string, selection: string, input: object) => {
    const source = `mutation ($input: ${type}!) { ${name}(input: $input) {
      __typename ... on UserError { code } ${selection} } }`;
    const data = await ask(source, { input: { idempotencyKey: randomUUID(), ...input } });
    return data[name];
  };
  const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });

  it('a delivery shows what was expected and what came; its goods what they cost', async () => {
    await room.register('RING');
    await room.register('BROOCH', 'SERIAL');
    const lines = [
      { sku: 'RING', quantity: 4, unitCost: eur('12.50') },
      { sku: 'BROOCH', quantity: 1, unitCost: eur('900.00') },
    ];
    const announced = { supplier: 'Acme', documentNumber: 'DN-1', locationId: room.places.HQ };
    const created = await change(
      'stockReceiptCreate',
      'StockReceiptCreateInput',
      '... on StockReceiptCreateSuccess { stockReceipt { id status createdBy lines { expected unitCost { amount } } } }',
      { ...announced, lines },
    );
    const { id: stockReceiptId, ...receipt } = created.stockReceipt;
    expect(receipt).toEqual({
      status: 'EXPECTED',
      createdBy: 'tester',
      lines: [
        { expected: 4, unitCost: { amount: '12.50' } },
        { expected: 1, unitCost: { amount: '900.00' } },
      ],
    });
    expect(
      await change(
        'stockReceiptCreate',
        'StockReceiptCreateInput',
        '... on DuplicateDocument { stockReceiptId }',
        { ...announced, lines },
      ),
    ).toMatchObject({ __typename: 'DuplicateDocument', stockReceiptId });
    const received = await change(
      'stockReceiptReceive',
      'StockReceiptReceiveInput',
      '... on StockReceiptReceiveSuccess { lines { quantity units { serial } stockItem { sku } } stockReceipt { status } }',
      {
        stockReceiptId,
        lines: [
          { sku: 'RING', quantity: 3 },
          { sku: 'BROOCH', units: [{ serial: 'S1' }] },
        ],
      },
    );
    expect(received).toMatchObject({
      lines: [
        { quantity: 3, units: [], stockItem: { sku: 'RING' } },
        { quantity: 1, units: [{ serial: 'S1' }], stockItem: { sku: 'BROOCH' } },
      ],
      stockReceipt: { status: 'PARTIAL' },
    });
    expect(
      await change(
        'stockReceiptReceive',
        'StockReceiptReceiveInput',
        '... on OverReceipt { sku expected received requested allowed }',
        { stockReceiptId, lines: [{ sku: 'RING', quantity: 2 }] },
      ),
    ).toMatchObject({ sku: 'RING', expected: 4, received: 3, requested: 2, allowed: 1 });
    const closed = await change(
      'stockReceiptClose',
      'StockReceiptEndInput',
      '... on StockReceiptEndSuccess { stockReceipt { status closedBy differences { stockItem { sku } difference } } }',
      { stockReceiptId, note: 'one ring short' },
    );
    expect(closed.stockReceipt).toEqual({
      status: 'CLOSED',
      closedBy: 'tester',
      differences: [{ stockItem: { sku: 'RING' }, difference: -1 }],
    });
    expect(
      await change(
        'stockReceiptCancel',
        'StockReceiptEndInput',
        '... on StockReceiptNotInStatus { status allowed }',
        { stockReceiptId },
      ),
    ).toMatchObject({ status: 'CLOSED', allowed: ['EXPECTED'] });

    const { stockItem, brooch, stockReceipts, stockReceipt } = await ask(
      `query ($id: ID!) {
         stockItem(sku: "RING") { averageCost { amount currencyCode } stockValue { amount } valuedQuantity
           costLayers(first: 1) { nodes { quantity remaining cost { amount } remainingCost { amount } movement { reason } } pageInfo { hasNextPage } }
           movements { nodes { cost { amount } costQuantity referenceKind referenceId } } }
         brooch: stockItem(sku: "BROOCH") { stockValue { amount } valuedQuantity costLayers { nodes { quantity } } }
         stockReceipts(filter: { supplier: "acme", status: CLOSED }) { nodes { id documentNumber note location { code } } }
         stockReceipt(id: $id) { supplier lines { received stockItem { sku } } } }`,
      { id: stockReceiptId },
    );
    expect(stockItem).toEqual({
      averageCost: eur('12.50'),
      stockValue: { amount: '37.50' },
      valuedQuantity: 3,
      costLayers: {
        nodes: [
          {
            quantity: 3,
            remaining: 3,
            cost: { amount: '37.50' },
            remainingCost: { amount: '37.50' },
            movement: { reason: 'RECEIPT' },
          },
        ],
        pageInfo: { hasNextPage: false },
      },
      movements: {
        nodes: [
          {
            cost: { amount: '37.50' },
            costQuantity: 3,
            referenceKind: 'RECEIPT',
            referenceId: stockReceiptId,
          },
        ],
      },
    });
    expect(brooch).toEqual({
      stockValue: { amount: '900.00' },
      valuedQuantity: 1,
      costLayers: { nodes: [] },
    });
    expect(stockReceipts.nodes).toEqual([
      {
        id: stockReceiptId,
        documentNumber: 'DN-1',
        note: 'one ring short',
        location: { code: 'HQ' },
      },
    ]);
    expect(stockReceipt).toMatchObject({ supplier: 'Acme', lines: [{ received: 3 }, {}] });
  });

  it('a unit is corrected by its serial, and a wrong size on a sale by a pair', async () => {
    const { unitIds } = await room.pieces('BROOCH', 'S1');
    const wrong = await room.stocked('RING-54', 2);
    await room.stocked('RING-56', 2);
    const adjusted = await change(
      'stockAdjust',
      'StockAdjustInput',
      '... on StockAdjustSuccess { movement { quantity reason serialUnit { id status } } }',
      { sku: 'BROOCH', serial: 'S1', locationId: room.places.HQ, quantity: -1, reason: 'LOSS' },
    );
    const serialUnit = { id: unitIds[0], status: 'LOST' };
    expect(adjusted.movement).toEqual({ quantity: -1, reason: 'LOSS', serialUnit });
    const saleId = randomUUID();
    const line = { lineId: randomUUID(), stockItemId: wrong.id, sku: 'RING-54', quantity: 1 };
    await room.apply(saleId, [line]);
    const correct = (selection: string) =>
      change('saleSizeCorrect', 'SaleSizeCorrectInput', selection, {
        saleId,
        wrongSku: 'RING-54',
        rightSku: 'RING-56',
      });
    expect(
      await correct(`... on SaleSizeCorrectSuccess { wrong { quantity reason referenceId } right { quantity }
        wrongItem { sku available } rightItem { sku available } }`),
    ).toEqual({
      __typename: 'SaleSizeCorrectSuccess',
      wrong: { quantity: 1, reason: 'SALE_CORRECTION', referenceId: saleId },
      right: { quantity: -1 },
      wrongItem: { sku: 'RING-54', available: 2 },
      rightItem: { sku: 'RING-56', available: 1 },
    });
    expect(await correct('... on SaleDidNotSell { saleId sku sold corrected requested }')).toEqual({
      __typename: 'SaleDidNotSell',
      code: 'SALE_DID_NOT_SELL',
      saleId,
      sku: 'RING-54',
      sold: 1,
      corrected: 1,
      requested: 1,
    });
  });
});
