import { randomUUID } from 'node:crypto';
import { expectDone, type StockRoom } from './stock-room.ts';
import { applySale } from '../src/kernel/sale/sale.sql.ts';
import {
  createStocktakeScanService,
  type StocktakeScanInput,
} from '../src/documents/stocktake/stocktake-scan.service.ts';
import {
  createStocktakeService,
  type StocktakeCreateInput,
  type StocktakePostInput,
} from '../src/documents/stocktake/stocktake.service.ts';
import {
  selectStocktakeLines,
  selectStocktakes,
} from '../src/documents/stocktake/stocktake.sql.ts';

export type Counting = ReturnType<typeof openCounting>;

/** Counting in a stock room, as people with scanners do it. */
export function openCounting(room: StockRoom) {
  const { db, caller } = room;
  const stocktakes = createStocktakeService({ db });
  const scans = createStocktakeScanService({ db });
  const key = () => ({ idempotencyKey: randomUUID() });

  /** The database's time, with the next millisecond begun: what happens from now on is later for everybody. */
  async function later(): Promise<string> {
    const [row] = await room.rows<{ at: Date }>(
      'SELECT clock_timestamp() AS at FROM pg_sleep(0.003)',
    );
    await room.rows('SELECT pg_sleep(0.003)');
    return row!.at.toISOString();
  }

  return {
    stocktakes,
    scans,
    later,

    async begin(input: Partial<StocktakeCreateInput> = {}): Promise<string> {
      const locationId = room.places.HQ;
      const asked = { locationId, ...key(), ...input };
      const { stocktakeId } = expectDone(await stocktakes.create(caller, asked));
      await later();
      return stocktakeId;
    },

    /** One device's batch of single scans, made just now; or as `more` says. */
    async scan(
      stocktakeId: string,
      counted: Record<string, number>,
      more: Partial<StocktakeScanInput> = {},
    ) {
      const scannedAt = await later();
      const lines = Object.entries(counted).map(([code, quantity]) => ({
        code,
        quantity,
        scannedAt,
      }));
      const input = { stocktakeId, device: 'A', batchKey: randomUUID(), ...key() };
      return scans.scan(caller, {
        ...input,
        ...(lines.length > 0 ? { scans: lines } : {}),
        ...more,
      });
    },

    review: async (stocktakeId: string) =>
      expectDone(await stocktakes.review(caller, { stocktakeId, ...key() })),
    post: (stocktakeId: string, more: Partial<StocktakePostInput> = {}) =>
      stocktakes.post(caller, { stocktakeId, ...key(), ...more }),
    recount: (stocktakeId: string, stockItemIds?: string[]) =>
      stocktakes.recount(caller, { stocktakeId, stockItemIds, ...key() }),
    cancel: (stocktakeId: string) => stocktakes.cancel(caller, { stocktakeId, ...key() }),

    /** Lines as `SKU finding counted/expected`, with a ! where a recount is needed. */
    async lines(stocktakeId: string): Promise<string[]> {
      const page = { stocktakeId, filter: 'ALL' as const, after: undefined, limit: 100 };
      const rows = await db.read(caller.tenantId, (tx) => selectStocktakeLines(tx, page));
      return rows.map(
        (row) =>
          `${row.sku} ${row.finding} ${row.counted ?? '-'}/${row.expected}${row.needsRecount ? ' !' : ''}`,
      );
    },

    async find(stocktakeId: string) {
      const [row] = await db.read(caller.tenantId, (tx) => selectStocktakes(tx, [stocktakeId]));
      return row!;
    },

    /** A sale of one piece as the till claims it; `apply` writes its movement, dated `at`. */
    async claim(item: { id: string; sku: string }, serialUnitId?: string) {
      const saleId = randomUUID();
      const line = { lineId: randomUUID(), stockItemId: item.id, sku: item.sku, quantity: 1 };
      const lines = [serialUnitId ? { ...line, serialUnitId } : line];
      expectDone(await room.sales.claim(caller, { saleId, channel: 'COUNTER', lines }));
      const apply = (at: string = new Date().toISOString()) =>
        db.inTransaction(caller.tenantId, (tx) =>
          applySale(tx, {
            ...{ saleId, at, actor: 'pos', channel: 'COUNTER', traceparent: null },
            lines: [],
          }),
        );
      return { saleId, apply };
    },

    async sell(item: { id: string; sku: string }, serialUnitId?: string): Promise<void> {
      const { apply } = await this.claim(item, serialUnitId);
      await apply();
    },
  };
}
