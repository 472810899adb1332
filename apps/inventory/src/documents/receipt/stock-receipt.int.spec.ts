import { randomUUID } from 'node:crypto';
import { isRefusal } from '@onecount/refusal';
import type { TestDatabase } from '@onecount/testing';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from '../../../test/stock-room.ts';
import type { LineRefusal } from './receipt.ts';
import { selectStockReceiptLines, selectStockReceipts } from './stock-receipt.sql.ts';

describe('deliveries', () => {
  let database: TestDatabase;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = await openStockRoom(database);
    await room.register('RING');
    await room.register('BROOCH', 'SERIAL');
    await room.register('ENGRAVING', 'NONE');
  });
  afterAll(() => database.drop());

  type Create = Parameters<StockRoom['stockReceipts']['create']>[1];
  type Receive = Parameters<StockRoom['stockReceipts']['receive']>[1];
  const eur = (amount: string) => ({ amount, currencyCode: 'EUR' });
  const announce = (more: Partial<Create> = {}) =>
    room.stockReceipts.create(room.caller, {
      supplier: 'Acme',
      documentNumber: 'DN-1',
      locationId: room.places.HQ,
      lines: [
        { sku: 'RING', quantity: 10, unitCost: eur('12.00') },
        { sku: 'BROOCH', quantity: 2, unitCost: eur('100.00') },
      ],
      idempotencyKey: randomUUID(),
      ...more,
    });
  const announced = async (more: Partial<Create> = {}) =>
    expectDone(await announce(more)).stockReceiptId;
  const receive = (stockReceiptId: string, lines: Receive['lines'], more: Partial<Receive> = {}) =>
    room.stockReceipts.receive(room.caller, {
      stockReceiptId,
      lines,
      idempotencyKey: randomUUID(),
      ...more,
    });
  const end = (what: 'close' | 'cancel', stockReceiptId: string) =>
    room.stockReceipts[what](room.caller, { stockReceiptId, idempotencyKey: randomUUID() });
  const allowOver = (percent: number) =>
    room.write('INSERT INTO inventory_setting (tenant_id, over_receipt_percent) VALUES ($1, $2)', [
      room.tenantId,
      percent,
    ]);
  const stateOf = async (id: string) => {
    const [receipt] = await room.db.read(room.tenantId, (tx) => selectStockReceipts(tx, [id]));
    const lines = await room.db.read(room.tenantId, (tx) => selectStockReceiptLines(tx, [id]));
    return [receipt!.status, ...lines.map(({ received, expected }) => `${received}/${expected}`)];
  };
  const footprint = async () => [
    await room.footprint(),
    await room.rows('SELECT count(*) FROM stock_receipt'),
    await room.rows('SELECT sum(received) FROM stock_receipt_line'),
  ];

  it('is announced, comes in two parts at the announced price, and is closed with what is missing', async () => {
    const id = await announced();
    expect(await stateOf(id)).toEqual(['EXPECTED', '0/10', '0/2']);
    expect(await room.level('RING')).toEqual({ onHand: 0, committed: 0, available: 0 });
    const first = expectDone(
      await receive(id, [
        { sku: 'RING', quantity: 4 },
        { sku: 'BROOCH', units: [{ serial: 'S1' }] },
        { sku: 'RING', quantity: 2, unitCost: eur('9.00') },
      ]),
    );
    expect(first.lines.map(({ quantity, unitIds }) => [quantity, unitIds.length])).toEqual([
      [4, 0],
      [1, 1],
      [2, 0],
    ]);
    expect(await stateOf(id)).toEqual(['PARTIAL', '6/10', '1/2']);
    const movements = await room.rows(
      `SELECT quantity, unit_cost_minor AS unit, cost_minor AS cost, reference_kind AS kind, reference_id AS id
       FROM movement ORDER BY position`,
    );
    const document = { kind: 'RECEIPT', id };
    expect(movements).toEqual([
      { quantity: 4, unit: 1200, cost: 4800, ...document },
      { quantity: 1, unit: 10_000, cost: 10_000, ...document },
      { quantity: 2, unit: 900, cost: 1800, ...document },
    ]);
    expectDone(await receive(id, [{ sku: 'RING', quantity: 4 }]));
    expect(await stateOf(id)).toEqual(['PARTIAL', '10/10', '1/2']);
    expectDone(await end('close', id));
    expect(await stateOf(id)).toEqual(['CLOSED', '10/10', '1/2']);
    expect(await room.level('RING')).toEqual({ onHand: 10, committed: 0, available: 10 });
    expect((await room.rows('SELECT 1 FROM stock_item')).length).toBe(3);
    await room.assertSums();
  });

  it('is received when all of it came; the same key receives once', async () => {
    const id = await announced({ lines: [{ sku: 'RING', quantity: 3 }] });
    const idempotencyKey = randomUUID();
    const ask = () => receive(id, [{ sku: 'RING', quantity: 3 }], { idempotencyKey });
    const [one, two] = await Promise.all([ask(), ask()]);
    expect(two).toEqual(one);
    expect(await stateOf(id)).toEqual(['RECEIVED', '3/3']);
    expect((await room.level('RING')).onHand).toBe(3);
  });

  it('takes more than announced only within the rule of the tenant, and nothing that was not announced', async () => {
    const id = await announced({ lines: [{ sku: 'RING', quantity: 10 }] });
    const ask = (sku: string, quantity: number) => receive(id, [{ sku, quantity }]);
    expect(expectRefused(await ask('RING', 11))).toMatchObject({
      __typename: 'OverReceipt',
      sku: 'RING',
      expected: 10,
      received: 0,
      requested: 11,
      allowed: 10,
    });
    await allowOver(15);
    expectDone(await ask('RING', 9));
    const before = await footprint();
    const inTwoLines = [
      { sku: 'RING', quantity: 1 },
      { sku: 'RING', quantity: 2 },
    ];
    expect(expectRefused(await receive(id, inTwoLines))).toMatchObject({
      received: 9,
      requested: 3,
      allowed: 2,
    });
    expect(
      expectRefused(await receive(id, [{ sku: 'BROOCH', units: [{ serial: 'S1' }] }])),
    ).toMatchObject({ __typename: 'OverReceipt', sku: 'BROOCH', expected: 0, allowed: 0 });
    expect(await footprint()).toEqual(before);
    expectDone(await ask('RING', 2));
    expect(await stateOf(id)).toEqual(['RECEIVED', '11/10']);
  });

  it('two parts that come at once are together not more than may come', async () => {
    const id = await announced({ lines: [{ sku: 'RING', quantity: 10 }] });
    const results = await Promise.all(
      Array.from({ length: 6 }, () => receive(id, [{ sku: 'RING', quantity: 3 }])),
    );
    expect(results.filter((result) => !isRefusal(result))).toHaveLength(3);
    const codes = results.flatMap((result) => (isRefusal(result) ? result.code : []));
    expect(codes).toEqual(['OVER_RECEIPT', 'OVER_RECEIPT', 'OVER_RECEIPT']);
    expect(await stateOf(id)).toEqual(['PARTIAL', '9/10']);
    expect((await room.level('RING')).onHand).toBe(9);
  });

  it('a document number of a supplier is entered once, also by two at a time, unless it was called off', async () => {
    const results = await Promise.all(Array.from({ length: 5 }, () => announce()));
    const [done, ...others] = results.filter((result) => !isRefusal(result));
    expect(others).toEqual([]);
    const { stockReceiptId } = done as { stockReceiptId: string };
    for (const refusal of results.filter(isRefusal))
      expect(refusal).toMatchObject({
        __typename: 'DuplicateDocument',
        supplier: 'Acme',
        documentNumber: 'DN-1',
        stockReceiptId,
      });
    expect(expectRefused(await announce({ supplier: 'ACME', documentNumber: 'dn-1' })).code).toBe(
      'DUPLICATE_DOCUMENT',
    );
    expectDone(await announce({ supplier: 'Another' }));
    expectDone(await end('cancel', stockReceiptId));
    expectDone(await announce());
  });

  it('goods that nobody announced come under a document too, when they name their supplier', async () => {
    const direct = (reference: string) =>
      room.receipts.receive(room.caller, {
        locationCode: 'HQ',
        supplier: 'Acme',
        reference,
        lines: [
          { sku: 'RING', quantity: 2, unitCost: eur('5.00') },
          { sku: 'RING', quantity: 1 },
        ],
        idempotencyKey: randomUUID(),
      });
    expectDone(await direct('DN-9'));
    const [movement] = await room.rows<{ id: string }>(
      'SELECT DISTINCT reference_id AS id FROM movement',
    );
    expect(await stateOf(movement!.id)).toEqual(['CLOSED', '3/3']);
    const before = await footprint();
    expect(expectRefused(await direct('DN-9'))).toMatchObject({
      code: 'DUPLICATE_DOCUMENT',
      stockReceiptId: movement!.id,
    });
    expect(expectRefused(await announce({ documentNumber: 'DN-9' })).code).toBe(
      'DUPLICATE_DOCUMENT',
    );
    expect(await footprint()).toEqual(before);
  });

  it('what has ended takes nothing more, and what came is not called off', async () => {
    const [part, closed, gone] = [
      await announced(),
      await announced({ documentNumber: 'DN-2' }),
      await announced({ documentNumber: null }),
    ];
    expectDone(await receive(part, [{ sku: 'RING', quantity: 1 }]));
    expectDone(await end('close', closed));
    expectDone(await end('cancel', gone));
    const before = await footprint();
    const refused = async (result: Promise<object>) => {
      const { __typename, status, allowed } = expectRefused(await result);
      return [__typename, status, allowed];
    };
    const typename = 'StockReceiptNotInStatus';
    const open = ['EXPECTED', 'PARTIAL', 'RECEIVED'];
    const line = [{ sku: 'RING', quantity: 1 }];
    expect(await refused(end('cancel', part))).toEqual([typename, 'PARTIAL', ['EXPECTED']]);
    expect(await refused(receive(closed, line))).toEqual([typename, 'CLOSED', open]);
    expect(await refused(end('close', closed))).toEqual([typename, 'CLOSED', open]);
    expect(await refused(receive(gone, line))).toEqual([typename, 'CANCELLED', open]);
    expect(await footprint()).toEqual(before);
  });

  const lines: [string, Create['lines'], string][] = [
    ['an unknown SKU', [{ sku: 'NOTHING', quantity: 1 }], 'UNKNOWN_SKU'],
    ['an untracked item', [{ sku: 'ENGRAVING', quantity: 1 }], 'NOT_TRACKED'],
    ['quantity 0', [{ sku: 'RING', quantity: 0 }], 'QUANTITY_INVALID'],
    ['a negative quantity', [{ sku: 'RING', quantity: -1 }], 'QUANTITY_INVALID'],
    ['too many', [{ sku: 'RING', quantity: 1_000_001 }], 'QUANTITY_INVALID'],
    ['half a cent', [{ sku: 'RING', quantity: 1, unitCost: eur('0.005') }], 'COST_INVALID'],
  ];
  it.each(lines)('announces nothing with %s', async (_, asked, code) => {
    const before = await footprint();
    const refusal = expectRefused(await announce({ lines: asked }));
    expect((refusal['reasons'] as LineRefusal[]).map((each) => [each.index, each.code])).toEqual([
      [0, code],
    ]);
    expect(await footprint()).toEqual(before);
  });

  it('announces nothing that cannot be: a SKU twice, no lines, no such place, unfit texts', async () => {
    const line = { sku: 'RING', quantity: 1 };
    const before = await footprint();
    const refusal = async (more: Partial<Create>) => {
      const { code, field, kind, reasons } = expectRefused(await announce(more));
      return [code, field ?? kind ?? (reasons as LineRefusal[])[0]!.code];
    };
    expect(await refusal({ lines: [line, line] })).toEqual([
      'STOCK_RECEIVE_REFUSED',
      'DUPLICATE_SKU',
    ]);
    expect(await refusal({ lines: [] })).toEqual(['INVALID_INPUT', 'lines']);
    expect(await refusal({ locationId: randomUUID() })).toEqual(['NOT_FOUND', 'Location']);
    expect(await refusal({ locationId: 'HQ' })).toEqual(['INVALID_INPUT', 'locationId']);
    expect(await refusal({ supplier: '' })).toEqual(['INVALID_INPUT', 'supplier']);
    expect(await refusal({ documentNumber: 'a\0' })).toEqual(['INVALID_INPUT', 'documentNumber']);
    expect(await footprint()).toEqual(before);
  });

  it('of another tenant, or of nobody, is not found', async () => {
    const id = await announced();
    const other = await openStockRoom(database);
    const input = { stockReceiptId: id, lines: [{ sku: 'RING', quantity: 1 }] };
    for (const stockReceiptId of [id, randomUUID()])
      expect(
        expectRefused(
          await other.stockReceipts.receive(other.caller, {
            ...input,
            stockReceiptId,
            idempotencyKey: randomUUID(),
          }),
        ),
      ).toMatchObject({ code: 'NOT_FOUND', kind: 'StockReceipt' });
    expect(await other.stockReceipts.find(other.caller, id)).toBeNull();
    const all = { status: null, supplier: null, locationId: null };
    const page = (filter: Partial<typeof all> | Record<string, string>) =>
      room.stockReceipts.page(room.caller, {
        before: undefined,
        limit: 9,
        filter: { ...all, ...filter },
      });
    expect(await page({ supplier: 'aCME', status: 'EXPECTED' })).toMatchObject([{ id }]);
    expect(await page({ status: 'CLOSED' })).toEqual([]);
  });
});
