import { randomUUID } from 'node:crypto';
import { isRefusal, type Refusal } from '@onecount/refusal';
import { testDatabase, type TestDatabase } from '@onecount/testing';
import { createAdjustmentService } from '../src/documents/adjustment/adjustment.service.ts';
import { createCountsSetService } from '../src/documents/adjustment/counts-set.service.ts';
import { createSaleCorrectionService } from '../src/documents/adjustment/sale-correction.service.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { createAllocationService } from '../src/kernel/hold/allocation.service.ts';
import { createHoldBatchService } from '../src/kernel/hold/hold-batch.service.ts';
import { createHoldChangeService } from '../src/kernel/hold/hold-change.service.ts';
import { createHoldService, type HoldCreateInput } from '../src/kernel/hold/hold.service.ts';
import type { HoldRow } from '../src/kernel/hold/hold.ts';
import { createLocationService } from '../src/kernel/location/location.service.ts';
import type { UnitInput } from '../src/documents/receipt/receipt.ts';
import { createReceiptService } from '../src/documents/receipt/receipt.service.ts';
import { createStockReceiptService } from '../src/documents/receipt/stock-receipt.service.ts';
import { createSaleService } from '../src/kernel/sale/sale.service.ts';
import { applySale, type ApplyOutcome } from '../src/kernel/sale/sale.sql.ts';
import { createItemChangeService } from '../src/kernel/stock-item/item-change.service.ts';
import { createReorderRuleService } from '../src/kernel/stock-item/reorder-rule.service.ts';
import { createSettingService } from '../src/kernel/setting/setting.service.ts';
import { createStockCodeService } from '../src/kernel/stock-code/stock-code.service.ts';
import { createSerialUnitService } from '../src/kernel/serial-unit/serial-unit.service.ts';
import type { SerialUnitStatus } from '../src/kernel/serial-unit/serial-unit.sql.ts';
import type { StockItemRow, Tracking } from '../src/kernel/stock-item/stock-item.ts';
import { createStockItemService } from '../src/kernel/stock-item/stock-item.service.ts';

/** A tenant's stock room over a real database: the services as the process wires them, and its rows. */
export type StockRoom = Awaited<ReturnType<typeof openStockRoom>>;
export type LevelFacts = { onHand: number; committed: number; available: number };

export const callerOf = (tenantId: string, scopes: string[] = ['stock:write']): Caller => ({
  tenantId,
  subject: 'tester',
  scopes: new Set(scopes),
});

export function expectDone<T extends object>(result: T): Exclude<T, Refusal> {
  if (isRefusal(result)) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result as Exclude<T, Refusal>;
}

export function expectRefused(result: object): Refusal {
  if (!isRefusal(result)) throw new Error(`not refused: ${JSON.stringify(result)}`);
  return result;
}

export async function openTestDatabase(poolMax = 24): Promise<TestDatabase> {
  return testDatabase('inventory', { poolMax });
}

/** A new tenant with locations HQ and GM. */
export async function openStockRoom({ db }: Pick<TestDatabase, 'db'>) {
  const tenantId = randomUUID();
  const caller = callerOf(tenantId);
  const holds = createHoldService({ db, inFlightMax: 8 });
  const holdBatches = createHoldBatchService({ db });
  const holdChanges = createHoldChangeService({ db });
  const allocations = createAllocationService({ db });
  const sales = createSaleService({ db, holds });
  const receipts = createReceiptService({ db });
  const stockReceipts = createStockReceiptService({ db });
  const stockItems = createStockItemService({ db });
  const itemChanges = createItemChangeService({ db });
  const reorderRules = createReorderRuleService({ db });
  const settings = createSettingService({ db });
  const stockCodes = createStockCodeService({ db });
  const locations = createLocationService({ db });
  const adjustments = createAdjustmentService({ db });
  const countsSet = createCountsSetService({ db });
  const corrections = createSaleCorrectionService({ db });
  const units = createSerialUnitService({ db });
  const locate = async (code: string) => {
    const input = { code, name: code, idempotencyKey: `location-${code}` };
    return expectDone(await locations.create(caller, input)).location.id;
  };
  const places = { HQ: await locate('HQ'), GM: await locate('GM') };

  const rows = <Row = Record<string, unknown>>(text: string, values: unknown[] = []) =>
    db.read(tenantId, (tx) => tx.query<Row>(text, values));
  /** How many sessions of this database wait for a lock; read anew each time, which one transaction would not do. */
  const waitersTotal = async () => {
    const [row] = await rows<{ total: number }>(
      `SELECT count(*)::int AS total FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return row!.total;
  };
  const write = (text: string, values: unknown[] = []) =>
    db.inTransaction(tenantId, async (tx) => void (await tx.query(text, values)));

  async function register(
    sku: string,
    tracking: Tracking = 'QUANTITY',
    backorderLimit = 0,
  ): Promise<StockItemRow> {
    const item = { variantId: randomUUID(), sku, tracking, title: `The ${sku}`, backorderLimit };
    return expectDone(await stockItems.register(caller, [item])).stockItems[0]!;
  }

  async function receive(
    line: { sku: string; quantity?: number; units?: UnitInput[] },
    locationCode = 'HQ',
  ): Promise<string[]> {
    const input = { locationCode, lines: [line], idempotencyKey: randomUUID() };
    return expectDone(await receipts.receive(caller, input)).lines[0]!.unitIds;
  }

  async function registerUnit(stockItemId: string, serial: string): Promise<string> {
    const unitId = randomUUID();
    await write(
      `INSERT INTO serial_unit (tenant_id, id, stock_item_id, serial, location_id) VALUES ($1, $2, $3, $4, $5)`,
      [tenantId, unitId, stockItemId, serial, places.HQ],
    );
    return unitId;
  }

  const holdInput = (asked: Partial<HoldCreateInput> & { sku: string }): HoldCreateInput => ({
    quantity: 1,
    kind: 'SOFT',
    holdSeconds: 900,
    purpose: 'BASKET',
    idempotencyKey: randomUUID(),
    ...asked,
  });

  return {
    tenantId,
    caller,
    db,
    holds,
    holdBatches,
    holdChanges,
    allocations,
    sales,
    receipts,
    stockReceipts,
    stockItems,
    itemChanges,
    reorderRules,
    settings,
    stockCodes,
    locations,
    adjustments,
    corrections,
    countsSet,
    units,
    places,
    rows,
    waitersTotal,
    write,
    register,
    receive,

    /** An item with stock at HQ. */
    /** As the catalog's event of an active product does. */
    putOnSale: (sku: string) =>
      write('UPDATE stock_item SET is_on_sale = true WHERE sku = $1', [sku]),
    async stocked(sku: string, quantity: number): Promise<StockItemRow> {
      const item = await register(sku);
      if (quantity > 0) await receive({ sku, quantity });
      return item;
    },

    /** A SERIAL item of `quantity` at HQ of which only these units are registered, as a conversion in part leaves it. */
    async partlyRegistered(sku: string, quantity: number, ...serials: string[]) {
      const item = await register(sku);
      await receive({ sku, quantity });
      await write("UPDATE stock_item SET tracking = 'SERIAL' WHERE id = $1", [item.id]);
      const unitIds: string[] = [];
      for (const serial of serials) unitIds.push(await registerUnit(item.id, serial));
      return { item, unitIds };
    },

    /** A serial for a unit on hand that had none. */
    registerUnit,

    /** A SERIAL item with one unit per serial at HQ; answers the item and the units' ids. */
    async pieces(sku: string, ...serials: string[]) {
      const item = await register(sku, 'SERIAL');
      const unitIds = await receive({ sku, units: serials.map((serial) => ({ serial })) });
      return { item, unitIds };
    },

    hold: (asked: Partial<HoldCreateInput> & { sku: string }) =>
      holds.create(caller, holdInput(asked)) as Promise<{ hold: HoldRow } | Refusal>,

    holdLine: (
      sale: { saleId: string; lineId: string },
      piece: {
        sku?: string;
        serial?: string;
        code?: string;
        quantity?: number;
        locationId?: string;
      },
    ) =>
      sales.placeHold(caller, {
        ...sale,
        channel: 'COUNTER',
        quantity: 1,
        holdSeconds: 900,
        subject: 'clerk',
        ...piece,
      }),

    /** As the inbox does it: in a transaction of the event. */
    apply: (
      saleId: string,
      lines: {
        lineId: string;
        stockItemId: string;
        sku: string;
        quantity: number;
        serialUnitId?: string;
        locationId?: string;
      }[] = [],
    ): Promise<ApplyOutcome> =>
      db.inTransaction(tenantId, (tx) =>
        applySale(tx, {
          saleId,
          actor: 'pos',
          channel: 'COUNTER',
          at: new Date().toISOString(),
          traceparent: null,
          lines: lines.map((line) => ({
            ...line,
            serialUnitId: line.serialUnitId ?? null,
            locationId: line.locationId ?? null,
          })),
        }),
      ),

    /** The count of an item at a location, expired holds left out. */
    async level(sku: string, code: 'HQ' | 'GM' = 'HQ'): Promise<LevelFacts> {
      const item = await stockItems.find(caller, { sku });
      const level = item!.levels.find((each) => each.code === code);
      const { onHand = 0, committed = 0, available = 0 } = level ?? {};
      return { onHand, committed, available };
    },

    /** Lets a soft hold's time be over by the database's clock. */
    expire: (holdId: string) =>
      write("UPDATE hold SET expires_at = clock_timestamp() - interval '1 ms' WHERE id = $1", [
        holdId,
      ]),

    setStatus: (serialUnitId: string, to: SerialUnitStatus, more: { locationId?: string } = {}) =>
      units.setStatus(caller, { serialUnitId, to, idempotencyKey: randomUUID(), ...more }),

    unitStatus: async (unitId: string) =>
      (
        await rows<{ status: string }>('SELECT status FROM serial_unit_now WHERE id = $1', [unitId])
      )[0]!.status,

    /** Everything that a change of stock could leave behind, to show that a refusal left nothing. */
    footprint: async () =>
      rows(
        `SELECT (SELECT jsonb_agg(to_jsonb(l) - 'updated_at' ORDER BY l.stock_item_id, l.location_id) FROM level l) AS levels,
                (SELECT count(*) FROM hold) AS holds, (SELECT count(*) FROM movement) AS movements,
                (SELECT jsonb_agg(jsonb_build_array(u.id, u.status, u.version) ORDER BY u.id) FROM serial_unit u) AS units,
                (SELECT count(*) FROM stock_code) AS codes, (SELECT count(*) FROM sale_claim) AS claims,
                (SELECT count(*) FROM outbox) AS events, (SELECT count(*) FROM idempotency_record WHERE response ? 'answer') AS keys`,
      ),

    /** Throws unless every level is the sum of its movements and of its live holds (promises I1 and I4). */
    async assertSums(): Promise<void> {
      const wrong = await rows(
        `SELECT l.stock_item_id, l.location_id, l.on_hand, l.committed, m.quantity AS moved, h.quantity AS held
         FROM level l
         CROSS JOIN LATERAL (SELECT coalesce(sum(quantity), 0) AS quantity FROM movement m
           WHERE m.stock_item_id = l.stock_item_id AND m.location_id = l.location_id) m
         CROSS JOIN LATERAL (SELECT coalesce(sum(quantity), 0) AS quantity FROM hold h
           WHERE h.stock_item_id = l.stock_item_id AND h.location_id = l.location_id AND h.status = 'LIVE') h
         WHERE l.on_hand <> m.quantity OR l.committed <> h.quantity`,
      );
      if (wrong.length > 0) throw new Error(`sums disagree: ${JSON.stringify(wrong)}`);
    },
  };
}
