import { ServiceUnavailableError, type ServiceClient } from '@onecount/graphql';
import type { StockUses, UnitForLabel } from '../src/stock-command/inventory.client.ts';

export type ReceivedLine = {
  sku: string;
  locationCode: string;
  quantity: number;
  serials: { serial?: string; stockNumber?: string; certificate?: { number: string } }[];
};

type CountLine = { sku: string; place: string; onHand: number };

/** The only id that its locations have. */
export const idOfHQ = '01900000-0000-7000-8000-0000000000f1';

const noUses: StockUses = {
  ...{ onHand: 0, inTransit: 0, backorderLimit: 0, holdsTotal: 0, holds: [] },
};

/**
 * Inventory as the catalog sees it: seven operations, idempotent by key, refusing an unknown location
 * and a stock number that is taken. It keeps what a real one would keep, so that a test can count.
 */
export function inventoryStub() {
  const locations = new Set(['HQ', 'GM', 'HM']);
  const items = new Map<string, { tracking: string; title: string }>();
  const receipts = new Map<string, ReceivedLine[]>();
  const counts = new Map<string, number>();
  const stub = {
    isDown: false,
    calls: 0,
    locations,
    items,
    receipts,
    onHand,
    /** What it answers about a variant that is to be removed, by the variant's id. */
    uses: new Map<string, StockUses>(),
    /** What it answers about units that get a label. */
    units: new Map<string, UnitForLabel>(),
    unitsOf: (sku: string) =>
      [...receipts.values()]
        .flat()
        .filter((line) => line.sku === sku)
        .reduce((total, line) => total + line.quantity, 0),
    unitsTotal: () =>
      [...receipts.values()].flat().reduce((total, line) => total + line.quantity, 0),
    client: { call, close: async () => undefined } as ServiceClient,
  };

  async function call<Data>(
    _: unknown,
    { name }: { name: string },
    variables: Record<string, unknown>,
  ): Promise<Data> {
    stub.calls += 1;
    if (stub.isDown) throw new ServiceUnavailableError('inventory');
    return answerOf(name, variables) as Data;
  }

  function answerOf(name: string, variables: Record<string, unknown>): object {
    if (name === 'CatalogLocation') {
      const code = variables['id'] === idOfHQ ? 'HQ' : (variables['code'] as string);
      return { location: locations.has(code) ? { code } : null };
    }
    if (name === 'CatalogUnitsForLabels') {
      const ids = variables['ids'] as string[];
      return { units: ids.flatMap((id) => stub.units.get(id) ?? []) };
    }
    if (name === 'CatalogVariantUses') {
      return { uses: stub.uses.get(variables['variantId'] as string) ?? noUses };
    }
    if (name === 'CatalogCounts') return { counts: countsOf(variables['skus'] as string[]) };
    if (name === 'CatalogCountsPreview') {
      const before = new Map(counts);
      const { lines } = setCounts(variables as { isOverwriting: boolean; lines: CountLine[] });
      counts.clear();
      for (const [key, onHand] of before) counts.set(key, onHand);
      return { counts: lines };
    }
    const input = variables['input'] as never;
    if (name === 'CatalogCountsSet') return { answer: setCounts(input) };
    if (name === 'CatalogStockItemsRegister') return { answer: register(input) };
    return { answer: receive(input) };
  }

  function onHand(sku: string, location: string): number {
    const received = [...receipts.values()]
      .flat()
      .filter((line) => line.sku === sku && line.locationCode === location)
      .reduce((total, line) => total + line.quantity, 0);
    return counts.get(`${sku} ${location}`) ?? received;
  }

  function countsOf(skus: readonly string[]) {
    return skus.flatMap((sku) =>
      [...locations].flatMap((locationCode) =>
        onHand(sku, locationCode) > 0
          ? [{ sku, locationCode, onHand: onHand(sku, locationCode) }]
          : [],
      ),
    );
  }

  function setCounts(input: { isOverwriting: boolean; lines: CountLine[] }) {
    const lines = input.lines.map(({ sku, place: location, onHand: wanted }) => {
      const before = onHand(sku, location);
      if (!items.has(sku)) return { outcome: 'UNKNOWN_SKU', before };
      if (!locations.has(location)) return { outcome: 'UNKNOWN_LOCATION', before };
      if (before !== 0 && before !== wanted && !input.isOverwriting) {
        return { outcome: 'KEPT', before };
      }
      counts.set(`${sku} ${location}`, wanted);
      return { outcome: 'SET', before };
    });
    return { __typename: 'StockCountsSetSuccess', lines };
  }

  function register(input: { items: { sku: string; tracking: string; title: string }[] }) {
    for (const { sku, tracking, title } of input.items) items.set(sku, { tracking, title });
    return { __typename: 'StockItemsRegisterSuccess' };
  }

  function receive(input: { idempotencyKey: string; lines: ReceivedLine[] }) {
    const taken = new Set(
      [...receipts.values()].flat().flatMap((line) => line.serials.map((unit) => unit.stockNumber)),
    );
    if (!receipts.has(input.idempotencyKey)) {
      for (const { sku, locationCode, serials } of input.lines) {
        if (!items.has(sku)) return refused(sku, `SKU ${sku} is not known.`);
        if (!locations.has(locationCode)) return refused(sku, `No location ${locationCode}.`);
        const twice = serials.find((unit) => unit.stockNumber && taken.has(unit.stockNumber));
        if (twice) return refused(sku, `Stock number ${twice.stockNumber} is taken.`);
        for (const { stockNumber } of serials) taken.add(stockNumber);
      }
      receipts.set(input.idempotencyKey, input.lines);
    }
    return { __typename: 'StockReceiveSuccess' };
  }

  return stub;
}

function refused(sku: string, message: string) {
  const reasons = [{ sku, message }];
  return { __typename: 'StockReceiveRefused', code: 'STOCK_RECEIVE_REFUSED', message, reasons };
}
