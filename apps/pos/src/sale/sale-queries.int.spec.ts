import { randomUUID } from 'node:crypto';
import { card, startPos, tenantB, type Pos } from '../../test/pos.harness.ts';

let pos: Pos;
beforeAll(async () => {
  pos = await startPos();
});
afterAll(() => pos?.stop());

const web = { channel: 'WEB', currencyCode: 'EUR' };
const reader = { scopes: ['sale:read'] };

async function found(filter: object, args = ''): Promise<string[]> {
  const query = `query ($filter: SaleFilterInput) { sales(filter: $filter ${args}) { nodes { id } } }`;
  const { data, errors } = await pos.graphql(query, { filter }, reader);
  if (errors) throw new Error(JSON.stringify(errors));
  return data['sales'].nodes.map(({ id }: { id: string }) => id);
}
const one = async (args: string, caller = {}) =>
  (await pos.graphql(`{ sale(${args}) { id } }`, {}, { ...reader, ...caller })).data?.['sale'];

const everything = {
  ...{ receiptNumber: 'X-1', externalId: 'X', text: 'X', sku: 'X', serial: 'X', cashier: 'X' },
  ...{ openedFrom: '2026-01-01T00:00:00Z', openedTo: '2100-01-01T00:00:00Z', locationCode: 'X' },
  ...{ registerId: randomUUID(), locationId: randomUUID(), serialUnitId: randomUUID() },
  includesEmpty: true,
};

describe('sales', () => {
  let paid: { id: string; receiptNumber: string };
  let basket: string;
  let empty: string;
  beforeAll(async () => {
    await pos.product({ sku: 'Chain-7', tracking: 'QUANTITY', onHand: 9 });
    await pos.product({ sku: 'BROOCH', tracking: 'SERIAL', serial: 'EB-1' });
    const opened = await pos.saleOpen({
      ...{ ...web, locationCode: 'HQ', externalId: 'order-1' },
      lines: [{ sku: 'BROOCH', serial: 'EB-1' }],
    });
    const commit = { saleId: opened['sale'].id, tenders: [card('100')] };
    paid = (await pos.saleCommit(commit))['sale'];
    basket = (await pos.saleOpen({ ...web, channel: 'PHONE', lines: [{ sku: 'Chain-7' }] }))['sale']
      .id;
    empty = (await pos.saleOpen(web))['sale'].id;
  });

  it.each([
    ['receipt number', () => ({ receiptNumber: paid.receiptNumber }), () => [paid.id]],
    ['external id', () => ({ externalId: 'order-1' }), () => [paid.id]],
    [
      'location, by code or id',
      () => ({ locationCode: 'hq', locationId: pos.inventory.locationId }),
      () => [paid.id],
    ],
    ['cashier', () => ({ cashier: 'cashier' }), () => [basket, paid.id]],
    ['another cashier', () => ({ cashier: 'somebody' }), () => []],
    ['SKU in any case', () => ({ sku: 'CHAIN-7' }), () => [basket]],
    ['serial', () => ({ serial: 'eb-1' }), () => [paid.id]],
    ['unit', () => ({ serialUnitId: pos.inventory.unitOf('BROOCH') }), () => [paid.id]],
    ['a text that is a serial', () => ({ text: 'EB-1' }), () => [paid.id]],
    ['a text that is a receipt number', () => ({ text: paid.receiptNumber }), () => [paid.id]],
    ['a text that is nothing', () => ({ text: 'EB' }), () => []],
    [
      'period',
      () => ({ openedFrom: '2020-01-01T00:00:00Z', openedTo: '2099-01-01T00:00:00Z' }),
      () => [basket, paid.id],
    ],
    ['another period', () => ({ openedTo: '2020-01-01T00:00:00Z' }), () => []],
    ['all, with what is empty', () => ({ includesEmpty: true }), () => [empty, basket, paid.id]],
    ['two at once', () => ({ sku: 'BROOCH', externalId: 'order-2' }), () => []],
    ['all at once', () => everything, () => []],
  ])('by %s', async (_, filter, ids) => {
    expect(await found(filter())).toEqual(ids());
  });

  it('page by page under a filter, without one twice', async () => {
    const query = `query ($after: String) { sales(first: 1, after: $after, filter: { cashier: "cashier" }) {
      nodes { id } pageInfo { endCursor hasNextPage } } }`;
    const first = (await pos.graphql(query, {}, reader)).data['sales'];
    const { endCursor: after } = first.pageInfo;
    const second = (await pos.graphql(query, { after }, reader)).data['sales'];
    expect([...first.nodes, ...second.nodes]).toEqual([{ id: basket }, { id: paid.id }]);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  it('one by its receipt number or external id, of the own tenant only; exactly one name', async () => {
    const { id, receiptNumber } = paid;
    expect(await one(`receiptNumber: "${receiptNumber}"`)).toEqual({ id });
    expect(await one('externalId: "order-1"')).toEqual({ id });
    expect(await one('externalId: "order-1", channel: PHONE')).toBeNull();
    expect(await one(`receiptNumber: "${receiptNumber}"`, { tenantId: tenantB })).toBeNull();
    const two = await pos.graphql(
      `{ sale(id: "${id}", externalId: "order-1") { id } }`,
      {},
      reader,
    );
    expect(two.errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('a filter that nothing can have is refused as input', async () => {
    for (const filter of [{ registerId: 'x' }, { text: 'a\0b' }]) {
      const query = `query ($filter: SaleFilterInput) { sales(filter: $filter) { nodes { id } } }`;
      const { errors } = await pos.graphql(query, { filter }, reader);
      expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});
