import { randomUUID } from 'node:crypto';
import { buildSubgraph, createContext, type Resolvers } from '@onecount/graphql';
import type { TestDatabase } from '@onecount/testing';
import { graphql, type GraphQLSchema } from 'graphql';
import { openStockRoom, openTestDatabase, type StockRoom } from '../../../test/stock-room.ts';
import type { Config } from '../../config.ts';
import { definition } from '../../service.ts';

const silent = { info() {}, warn() {}, error() {}, debug() {}, child: () => silent } as never;
const day = (number: number) => `2026-03-0${number}T12:00:00.000Z`;

const refusals: Record<string, string> = {
  usageReadingAdd:
    '... on ReadingNotMonotonic { code reading previous { reading occurredAt } next { reading } }',
  itemLedgerEntryCorrect:
    '... on ItemLedgerEntryNotCorrectable { code entry { amount { amount } correctedBy { reason } } }',
};

describe('the ledger of an item, in the graph', () => {
  let database: TestDatabase;
  let schema: GraphQLSchema;
  let room: StockRoom;
  beforeAll(async () => {
    database = await openTestDatabase();
    const config = { DATABASE_POOL_MAX: 10, LEVEL_PUBLISH_MS: 100, HOLD_SWEEP_MS: 500 } as Config;
    const deps = { config, db: database.db, log: silent, wakeRelay: () => undefined };
    const { resolvers } = await definition.start(deps as never);
    schema = buildSubgraph({
      typeDefs: [definition.typeDefs()],
      resolvers: resolvers as Resolvers,
    });
    room = await openStockRoom(database);
  });
  afterAll(() => database.drop());

  async function ask(source: string, variableValues: Record<string, unknown> = {}) {
    const scopes = new Set(['stock:write', 'stock:read']);
    const caller = { tenantId: room.tenantId, subject: 'tester', scopes, issuer: 'gateway' };
    const contextValue = createContext({ caller, requestId: 'r', log: silent });
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    const plain = JSON.parse(JSON.stringify(data ?? null)) as any;
    return { data: plain, codes: (errors ?? []).map(({ extensions }) => extensions['code']) };
  }

  const add = async (name: string, inputType: string, input: object) => {
    const { data, codes } = await ask(
      `mutation ($input: ${inputType}!) { ${name}(input: $input) { __typename
         ... on ItemLedgerEntrySuccess { entry { id kind } }
         ${refusals[name] ?? ''} } }`,
      { input: { idempotencyKey: randomUUID(), ...input } },
    );
    expect(codes).toEqual([]);
    return data[name];
  };

  it('is written and read as a person asks for it', async () => {
    await room.pieces('CAR', 'V1', 'V2');
    const [sku, serial] = ['CAR', 'V1'];
    const rent = {
      sku,
      serial,
      amount: { amount: '90.00', currencyCode: 'EUR' },
      category: 'rental',
    };
    const earned = await add('itemIncomeAdd', 'ItemMoneyAddInput', { ...rent, occurredAt: day(2) });
    await add('itemExpenseAdd', 'ItemMoneyAddInput', {
      ...{ sku, serial: 'V2', amount: { amount: '5', currencyCode: 'EUR' }, category: 'parking' },
      occurredAt: day(3),
    });
    await add('maintenanceAdd', 'MaintenanceAddInput', {
      ...{
        sku,
        serial,
        what: 'Oil',
        cost: { amount: '80', currencyCode: 'EUR' },
        occurredAt: day(4),
      },
      nextDueReading: { kind: 'MILEAGE', reading: '15000', measure: 'KILOMETRES' },
    });
    const mileage = { sku, serial, kind: 'MILEAGE', measure: 'KILOMETRES' };
    const read = (reading: string, occurredAt: string) =>
      add('usageReadingAdd', 'UsageReadingAddInput', { ...mileage, reading, occurredAt });
    await read('9000.5', day(5));
    expect(await read('9000.4', day(6))).toEqual({
      __typename: 'ReadingNotMonotonic',
      code: 'READING_NOT_MONOTONIC',
      reading: '9000.4',
      previous: { reading: '9000.5', occurredAt: day(5) },
      next: null,
    });

    const totals = `currencies { currencyCode income { amount } expense { amount } costOfGoods { amount }
      margin { amount } } quantityWithoutCost`;
    const { data, codes } = await ask(`{
      stockItem(sku: "CAR") {
        ledger { totals { ${totals} } maintenanceDue { isDue entry { maintenance { what nextDueReading { reading } } } } }
        units { nodes { serial ledger { totals(from: "${day(2)}", to: "${day(4)}") { ${totals} }
          latestReadings { kind reading measure isCorrection occurredAt } } } }
      }
      itemLedgerReport(from: "${day(1)}", to: "${day(9)}", filter: { tracking: SERIAL }) {
        nodes { stockItem { sku } totals { ${totals} } } pageInfo { hasNextPage } }
      none: itemLedgerReport(to: "${day(1)}") { nodes { stockItem { sku } } }
    }`);
    expect(codes).toEqual([]);
    const inEuro = (income: string, expense: string, margin: string) => ({
      currencies: [
        {
          ...{ currencyCode: 'EUR', costOfGoods: { amount: '0.00' } },
          ...{ income: { amount: income }, expense: { amount: expense } },
          margin: { amount: margin },
        },
      ],
      quantityWithoutCost: 0,
    });
    const all = inEuro('90.00', '85.00', '5.00');
    expect(data.stockItem.ledger.totals).toEqual(all);
    expect(data.stockItem.ledger.maintenanceDue).toEqual([
      {
        isDue: false,
        entry: { maintenance: { what: 'Oil', nextDueReading: { reading: '15000' } } },
      },
    ]);
    const reading = { kind: 'MILEAGE', reading: '9000.5', measure: 'KILOMETRES' };
    expect(data.stockItem.units.nodes).toEqual([
      {
        serial: 'V1',
        ledger: {
          totals: inEuro('90.00', '0.00', '90.00'),
          latestReadings: [{ ...reading, isCorrection: false, occurredAt: day(5) }],
        },
      },
      {
        serial: 'V2',
        ledger: { totals: inEuro('0.00', '5.00', '-5.00'), latestReadings: [] },
      },
    ]);
    expect(data.itemLedgerReport).toEqual({
      nodes: [{ stockItem: { sku: 'CAR' }, totals: all }],
      pageInfo: { hasNextPage: false },
    });
    expect(data.none.nodes).toEqual([]);

    const taking = { itemLedgerEntryId: earned.entry.id, reason: 'never paid' };
    const take = () => add('itemLedgerEntryCorrect', 'ItemLedgerEntryCorrectInput', taking);
    expect((await take()).__typename).toBe('ItemLedgerEntrySuccess');
    expect(await take()).toEqual({
      __typename: 'ItemLedgerEntryNotCorrectable',
      code: 'CORRECTED_ALREADY',
      entry: { amount: { amount: '90.00' }, correctedBy: { reason: 'never paid' } },
    });

    const page = (after: string | null) =>
      ask(
        `query ($after: String) { serialUnit(sku: "CAR", serial: "V1") { ledger { entries(first: 2, after: $after) {
           nodes { kind amount { amount } corrects { kind } usage { reading } serialUnit { serial } }
           pageInfo { hasNextPage endCursor } } } } }`,
        { after },
      ).then(({ data: { serialUnit } }) => serialUnit.ledger.entries);
    const first = await page(null);
    const common = { amount: null, corrects: null, usage: null, serialUnit: { serial } };
    expect(first.nodes).toEqual([
      { ...common, kind: 'INCOME', amount: { amount: '-90.00' }, corrects: { kind: 'INCOME' } },
      { ...common, kind: 'USAGE', usage: { reading: '9000.5' } },
    ]);
    const second = await page(first.pageInfo.endCursor);
    expect(second.nodes.map(({ kind }: { kind: string }) => kind)).toEqual([
      'MAINTENANCE',
      'INCOME',
    ]);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  it('refuses a period that is none and a cursor of another list', async () => {
    await room.stocked('POLES', 1);
    const codes = async (field: string) =>
      (await ask(`{ stockItem(sku: "POLES") { ledger { ${field} } } }`)).codes;
    const ends = `from: "${day(2)}", to: "${day(2)}"`;
    expect(await codes(`totals(${ends}) { quantityWithoutCost }`)).toEqual(['BAD_USER_INPUT']);
    expect(await codes('totals(from: "0000-01-01T00:00:00Z") { quantityWithoutCost }')).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect(await codes('entries(after: "WyJ4Il0") { nodes { id } }')).toEqual(['BAD_USER_INPUT']);
    const report = await ask(`{ itemLedgerReport(${ends}) { nodes { stockItem { sku } } } }`);
    expect(report.codes).toEqual(['BAD_USER_INPUT']);
    const nul = await ask(
      'query ($f: ItemLedgerReportFilter) { itemLedgerReport(filter: $f) { nodes { stockItem { sku } } } }',
      {
        f: { category: 'a\0b' },
      },
    );
    expect(nul.codes).toEqual(['BAD_USER_INPUT']);
  });
});
