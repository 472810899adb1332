import { randomUUID } from 'node:crypto';
import { runMigrations } from '@onecount/db';
import { emptyDatabase, type TestDatabase } from '@onecount/testing';
import pg from 'pg';
import { createConversionService } from '../src/documents/conversion/conversion.service.ts';
import type { LineRefusal, UnitInput } from '../src/documents/receipt/receipt.ts';
import { selectUnitByName } from '../src/kernel/serial-unit/serial-unit.sql.ts';
import { migrations } from '../migrations/index.ts';
import {
  expectDone,
  expectRefused,
  openStockRoom,
  openTestDatabase,
  type StockRoom,
} from './stock-room.ts';

let server: TestDatabase;
let room: StockRoom;
beforeAll(async () => {
  server = await openTestDatabase();
});
afterAll(() => server.drop());
beforeEach(async () => {
  room = await openStockRoom(server);
});

const key = () => ({ idempotencyKey: randomUUID() });
const receive = (sku: string, units: UnitInput[]) =>
  room.receipts.receive(room.caller, { locationCode: 'HQ', lines: [{ sku, units }], ...key() });
const opening = (sku: string, serials: UnitInput[]) =>
  room.receipts.receiveOpening(room.caller, {
    lines: [{ sku, locationCode: 'HQ', serials }],
    ...key(),
  });
const register = (sku: string, units: UnitInput[]) =>
  createConversionService({ db: room.db }).toSerial(room.caller, {
    sku,
    units: units.map((unit) => ({ ...unit, locationId: room.places.HQ })),
    ...key(),
  });
const codesOf = (result: object) =>
  (expectRefused(result)['reasons'] as LineRefusal[]).map(({ code }) => code);
const serials = async () =>
  (await room.rows<{ serial: string }>('SELECT serial FROM serial_unit ORDER BY id')).map(
    ({ serial }) => serial,
  );

// The ways by which a unit comes to its names.
const ways = [
  ['a receipt', receive],
  ['opening stock', opening],
  ['a conversion', register],
] as const;

describe.each(ways)('a unit that comes by %s', (way, bring) => {
  beforeEach(async () => {
    await room.register('BROOCH', 'SERIAL');
    if (way === 'a conversion')
      await room.write(
        `INSERT INTO level (tenant_id, stock_item_id, location_id, on_hand) SELECT $1, id, $2, 9 FROM stock_item`,
        [room.tenantId, room.places.HQ],
      );
  });

  it.each(['   ', 'a\nb', 'a b', 'X\u200b', '\ufeffX', '\u202eX', 'X\ud800', 'X\0'])(
    'is not named %j, by serial, number or code',
    async (name) => {
      const before = await room.footprint();
      for (const unit of [{ serial: name }, { stockNumber: name }, { serial: 'S', codes: [name] }])
        expect(codesOf(await bring('BROOCH', [unit]))).toEqual(['UNIT_NOT_NAMED']);
      expect(await room.footprint()).toEqual(before);
    },
  );

  it('is one piece under all spellings of its serial', async () => {
    expectDone(await bring('BROOCH', [{ serial: ' X' }]));
    for (const serial of ['X', 'X ', '\u00a0X\n'])
      expect(codesOf(await bring('BROOCH', [{ serial }]))).toEqual(['DUPLICATE_SERIAL']);
    expect(codesOf(await bring('BROOCH', [{ serial: 'Y' }, { serial: 'Y ' }]))).toEqual([
      'DUPLICATE_SERIAL',
    ]);
    expect(await serials()).toEqual(['X']);
  });

  it.each([
    ['case', 'SN-10Ab', 'SN-10aB'],
    ['the digit for a letter', 'SN-O1', 'SN-0l'],
    ['Cyrillic letters', 'CAT-5', 'САТ-5'],
    ['Greek letters', 'KAPPA', 'ΚΑΡΡΑ'],
    ['wide characters', 'A12', 'Ａ１２'],
    ['a longer dash', 'A-12', 'A–12'],
  ])(
    'is refused where its serial differs by %s only, unless it is meant',
    async (_, one, other) => {
      expectDone(await bring('BROOCH', [{ serial: one }]));
      expect(codesOf(await bring('BROOCH', [{ serial: other }]))).toEqual(['LOOK_ALIKE_SERIAL']);
      expect(codesOf(await bring('BROOCH', [{ serial: 'N' }, { serial: 'n' }]))).toEqual([
        'LOOK_ALIKE_SERIAL',
      ]);
      expectDone(await bring('BROOCH', [{ serial: other, allowLookAlike: true }]));
      expect(await serials()).toEqual([one, other]);
    },
  );

  it('keeps serials apart through which makers count', async () => {
    expectDone(
      await bring(
        'BROOCH',
        ['A5', 'AS', 'A8', 'AB', 'A2', 'AZ'].map((serial) => ({ serial })),
      ),
    );
    expect(await serials()).toHaveLength(6);
  });

  it('has a number that is one without case, and shown as first written', async () => {
    expectDone(await bring('BROOCH', [{ stockNumber: 'Nr-1', codes: ['Tag-1'] }]));
    expect(codesOf(await bring('BROOCH', [{ stockNumber: 'NR-1' }]))).toEqual([
      'DUPLICATE_STOCK_NUMBER',
    ]);
    expect(codesOf(await bring('BROOCH', [{ serial: 'S', codes: ['TAG-1'] }]))).toEqual([
      'DUPLICATE_CODE',
    ]);
    const found = await room.db.read(room.tenantId, (tx) =>
      selectUnitByName(tx, { sku: 'brooch', serial: ' nR-1' }),
    );
    expect(found!.stockNumber).toBe('Nr-1');
  });
});

describe('names that look alike', () => {
  it('come in once when ten receipts bring them at the same time', async () => {
    await room.register('BROOCH', 'SERIAL');
    const spellings = ['ab1', 'AB1', 'Ab1', 'aB1', 'abl', 'ABI', 'abI', 'aBl', 'АB1', 'ａb1'];
    const results = await Promise.all(spellings.map((serial) => receive('BROOCH', [{ serial }])));
    const refused = results.filter((result) => result.__typename !== 'StockReceiveSuccess');
    expect(refused.flatMap(codesOf)).toEqual(Array(9).fill('LOOK_ALIKE_SERIAL'));
    expect(await serials()).toHaveLength(1);
    const numbers = ['n-1', 'N-1', 'n-1 '].map((stockNumber) =>
      receive('BROOCH', [{ stockNumber }]),
    );
    expect(
      (await Promise.all(numbers)).filter(({ __typename: name }) => name === 'StockReceiveSuccess'),
    ).toHaveLength(1);
    await room.assertSums();
  });

  it('are refused of a piece made of another, and of a unit that a sale names', async () => {
    const { unitIds } = await room.pieces('BROOCH', 'OLD-1', 'NEW-1');
    expectDone(await room.setStatus(unitIds[0]!, 'IN_REPAIR'));
    const succeed = (more: object) =>
      room.units.succeed(room.caller, {
        ...{ serialUnitId: unitIds[0]!, serial: 'new-1', stockNumber: 'N-2' },
        ...key(),
        ...more,
      });
    expect(expectRefused(await succeed({}))).toMatchObject({
      code: 'UNIT_NAME_TAKEN',
      value: 'new-1',
    });
    expect(expectRefused(await succeed({ serial: 'a b' }))).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'serial',
    });
    expectDone(await succeed({ allowLookAlike: true, sku: ' brooch' }));

    const other = await room.partlyRegistered('RING', 2);
    const sold = async () => {
      const [saleId, lineId] = [randomUUID(), randomUUID()];
      await room.apply(saleId, [{ lineId, stockItemId: other.item.id, sku: 'RING', quantity: 1 }]);
      return (serial: string) =>
        room.allocations.allocateSale(room.caller, {
          ...{ saleId, lineId, units: [{ serial }], registersUnknown: true },
          ...key(),
        });
    };
    const [nameFirst, nameSecond] = [await sold(), await sold()];
    expect(expectRefused(await nameFirst('r\u200b1'))).toMatchObject({ code: 'INVALID_INPUT' });
    expectDone(await nameFirst(' R-1 '));
    expect(expectRefused(await nameSecond('r-1')).code).toBe('NOT_FOUND');
    expect(await serials()).toEqual(['OLD-1', 'NEW-1', 'new-1', 'R-1']);
  });

  it('find the piece, whoever holds, moves or names it', async () => {
    await room.pieces('Brooch', 'S-1');
    await receive('BROOCH', [{ stockNumber: 'Nr-7' }]);
    const holds = [
      await room.hold({ sku: ' bROOCH', serial: ' S-1 ' }),
      await room.hold({ sku: 'BROOCH', serial: 'NR-7' }),
    ];
    expect(holds.map((held) => 'hold' in held)).toEqual([true, true]);
    expect(expectRefused(await room.hold({ sku: 'BROOCH', serial: 's-1' })).code).toBe('NOT_FOUND');
    const item = await room.stockItems.find(room.caller, { sku: 'BROOCH\n' });
    expect(item!.sku).toBe('Brooch');
  });
});

describe('a SKU', () => {
  it('is one without case, in the catalog’s registrations as by hand', async () => {
    await room.register('Ring-1');
    const asked = {
      variantId: randomUUID(),
      sku: 'RING-1',
      tracking: 'QUANTITY' as const,
      title: 'R',
    };
    expect(
      expectRefused(await room.stockItems.register(room.caller, [asked]))['reasons'],
    ).toMatchObject([{ code: 'SKU_TAKEN' }]);
    const input = { sku: 'ring-1', title: 'R', tracking: 'QUANTITY' as const, ...key() };
    expect(expectRefused(await room.itemChanges.create(room.caller, input)).code).toBe(
      'STOCK_ITEM_SKU_TAKEN',
    );
    expect(
      expectRefused(
        await room.itemChanges.create(room.caller, { ...input, ...key(), sku: 'ring 1' }),
      ),
    ).toMatchObject({ code: 'INVALID_INPUT', field: 'sku' });
    await room.receive({ sku: 'rinG-1 ', quantity: 3 }, 'hq');
    expect(await room.level('RING-1')).toMatchObject({ onHand: 3 });
  });
});

describe('a GTIN', () => {
  it.each([
    ['036000291452', ['0036000291452', '00036000291452']],
    ['04252614', ['042100005264', '0042100005264', '00042100005264']],
    ['0-306-40615-2', ['9780306406157', '978-0-306-40615-7', '0306406152', '09780306406157']],
  ])('%s is found by each of its forms, and given once', async (written, forms) => {
    const ring = await room.register('RING');
    await room.receive({ sku: 'RING', quantity: 1 });
    const pin = await room.register('PIN');
    const assign = (code: string, stockItemId: string) =>
      room.stockCodes.assign(room.caller, { code, stockItemId, ...key() });
    expectDone(await assign(written, ring.id));
    for (const form of forms) {
      expect((await room.stockCodes.scan(room.caller, form))!.stockItemId).toBe(ring.id);
      expect(expectRefused(await assign(form, pin.id)).code).toBe('STOCK_CODE_TAKEN');
      expect((await room.stockCodes.find(room.caller, form))!.code).toBe(written);
    }
    const line = { saleId: randomUUID(), lineId: randomUUID() };
    expect(expectDone(await room.holdLine(line, { code: forms[0]! })).item.sku).toBe('RING');
  });
});

describe('the migration to one name', () => {
  it('marks pieces that only look alike as meant, and names those that are one', async () => {
    const { ownerUrl, adminUrl, role, drop } = await emptyDatabase();
    const functions = new URL('../src', import.meta.url).pathname;
    const client = new pg.Client({ connectionString: adminUrl });
    const migrate = (some = migrations) =>
      runMigrations({ url: ownerUrl, migrations: some, functions, serviceRole: role });
    try {
      await client.connect();
      await migrate(migrations.slice(0, 1));
      const [tenant, item, place] = [randomUUID(), randomUUID(), randomUUID()];
      await client.query(
        `INSERT INTO location (tenant_id, id, code, name) VALUES ('${tenant}', '${place}', 'HQ', 'HQ')`,
      );
      await client.query(
        `INSERT INTO stock_item (tenant_id, id, sku, title, tracking) VALUES ('${tenant}', '${item}', 'A', 'A', 'SERIAL')`,
      );
      const add = (serial: string) =>
        client.query(
          'INSERT INTO serial_unit (tenant_id, stock_item_id, location_id, serial) VALUES ($1, $2, $3, $4)',
          [tenant, item, place, serial],
        );
      for (const serial of ['ab', 'AB', 'X', ' X']) await add(serial);
      await expect(migrate()).rejects.toThrow(`serial_unit.serial: these are one name by now`);
      await expect(migrate()).rejects.toThrow(`tenant ${tenant}: ' X' and 'X'`);
      await client.query("UPDATE serial_unit SET serial = 'X-2' WHERE serial = ' X'");
      await migrate();
      const { rows } = await client.query(
        'SELECT serial, is_look_alike AS meant FROM serial_unit ORDER BY id',
      );
      expect(rows).toEqual([
        { serial: 'ab', meant: false },
        { serial: 'AB', meant: true },
        { serial: 'X', meant: false },
        { serial: 'X-2', meant: false },
      ]);
    } finally {
      await client.end();
      await drop();
    }
  });
});
