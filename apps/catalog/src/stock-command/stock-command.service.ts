import type { Database } from '@onecount/db';
import type { ServiceDeps } from '@onecount/service';
import { reportCounts, reportRefusedStock } from '../product-import/row-error.sql.ts';
import type { InventoryClient, StockRefusal } from './inventory.client.ts';
import {
  chunksOf,
  withShortLines,
  type CountLine,
  type CountResult,
  type StockLine,
} from './stock-command.ts';
import {
  dissolveBundle,
  settleBundle,
  settleStockCommand,
  stockCommandById,
  stockCommandsOfBundle,
  takeDueStockCommands,
  type StockCommandRow,
} from './stock-command.sql.ts';

export type StockCommandService = ReturnType<typeof createStockCommandService>;

const batchSize = 20;

/**
 * Brings to inventory what products need there. A command is stored with its product and stays
 * PENDING until inventory has answered; delivering it twice does no harm, because inventory knows
 * each piece by its idempotency key.
 */
export function createStockCommandService(deps: {
  db: Database;
  inventory: InventoryClient;
  log: ServiceDeps['log'];
}) {
  const { db, inventory, log } = deps;

  /** Throws when inventory brings no answer; the command then stays pending. */
  async function deliver(tenantId: string, id: string): Promise<void> {
    const command = await db.read(tenantId, (tx) => stockCommandById(tx, id));
    if (command.status !== 'PENDING') return;
    if (command.counts !== null) return deliverCounts(command, command.counts);
    if (command.bundleId !== null) return deliverBundle(tenantId, command.bundleId);
    await deliverAlone(command);
  }

  async function deliverAlone(command: StockCommandRow): Promise<void> {
    const refusal = await send(command);
    await db.inTransaction(command.tenantId, (tx) => settle(tx, command, refusal));
  }

  /**
   * The products of a bundle in one request each way, always under the same key. Where inventory refuses one of them,
   * nothing of the request was done: the bundle is dissolved, and each command goes alone, so that only the product
   * that is meant is refused.
   */
  async function deliverBundle(tenantId: string, bundleId: string): Promise<void> {
    const commands = await db.read(tenantId, (tx) => stockCommandsOfBundle(tx, bundleId));
    const refusal = await send({
      tenantId,
      idempotencyKey: `catalog:opening-stock:${bundleId}`,
      items: commands.flatMap(({ items }) => items),
      lines: commands.flatMap(({ lines }) => lines),
    });
    await db.inTransaction(tenantId, (tx) =>
      refusal === null ? settleBundle(tx, bundleId) : dissolveBundle(tx, bundleId),
    );
    if (refusal !== null) for (const command of commands) await deliverAlone(command);
  }

  async function deliverCounts(command: StockCommandRow, counts: CountLine[]): Promise<void> {
    const { tenantId, id, importId, isOverwriting } = command;
    const results: CountResult[] = [];
    for (const [index, chunk] of chunksOf(counts).entries()) {
      const lines = chunk.map(({ sku, location: place, onHand }) => ({ sku, place, onHand }));
      const idempotencyKey = `${command.idempotencyKey}:${index}`;
      const input = { idempotencyKey, productImportId: importId!, isOverwriting, lines };
      const answer = await inventory.setCounts(tenantId, input);
      if (!Array.isArray(answer)) throw new Error(`counts were refused: ${answer.message}`);
      results.push(...answer);
    }
    await db.inTransaction(tenantId, async (tx) => {
      const isFirst = await settleStockCommand(tx, id, { status: 'DELIVERED', reason: null });
      if (isFirst) await reportCounts(tx, importId!, counts, results);
    });
  }

  async function send(
    command: Pick<StockCommandRow, 'tenantId' | 'idempotencyKey' | 'items' | 'lines'>,
  ): Promise<StockRefusal | null> {
    const { tenantId, idempotencyKey } = command;
    for (const items of chunksOf(command.items)) {
      const refusal = await inventory.registerItems(tenantId, items);
      if (refusal !== null) return refusal;
    }
    for (const [index, chunk] of chunksOf(withShortLines(command.lines)).entries()) {
      const lines = chunk.map(({ row: _, ...line }) => line);
      const key = `${idempotencyKey}:${index}`;
      const refusal = await inventory.receiveOpeningStock(tenantId, { idempotencyKey: key, lines });
      if (refusal !== null) return refusal;
    }
    return null;
  }

  async function deliverOrLog(tenantId: string, id: string): Promise<boolean> {
    try {
      await deliver(tenantId, id);
      return true;
    } catch (err) {
      // Expected while inventory is down or restarts; the row keeps the command.
      log.warn({ stockCommandId: id, reason: (err as Error).message }, 'opening stock waits');
      return false;
    }
  }

  return {
    /** Tries at once and waits at most `waitMs`; answers how the command stands then. */
    async deliverNow(
      tenantId: string,
      { id, waitMs }: { id: string; waitMs: number },
    ): Promise<StockCommandRow> {
      await withinTime(deliverOrLog(tenantId, id), waitMs);
      return db.read(tenantId, (tx) => stockCommandById(tx, id));
    },
    deliverOrLog,
    /** Delivers what is due, of every tenant; answers how many there were. */
    async deliverDue(): Promise<number> {
      const due = await db.asSystem('sweeper', (tx) => takeDueStockCommands(tx, batchSize));
      // One of a bundle brings all of it.
      const each = new Map(due.map((command) => [command.bundleId ?? command.id, command]));
      await Promise.all([...each.values()].map(({ tenantId, id }) => deliverOrLog(tenantId, id)));
      return due.length;
    },
    inventory,
  };
}

type SettlingTx = Parameters<typeof settleStockCommand>[0];

async function settle(
  tx: SettlingTx,
  command: StockCommandRow,
  refusal: StockRefusal | null,
): Promise<void> {
  const status = refusal === null ? 'DELIVERED' : 'REFUSED';
  const reason = refusal?.message ?? null;
  const isFirst = await settleStockCommand(tx, command.id, { status, reason });
  if (!isFirst || refusal === null || command.importId === null) return;
  const line = refusedLine(command.lines, refusal);
  await reportRefusedStock(tx, command.importId, {
    productId: command.productId!,
    row: line?.row ?? command.lines[0]?.row ?? 0,
    value: line?.sku,
    message: refusal.message,
  });
}

function refusedLine(lines: readonly StockLine[], refusal: StockRefusal): StockLine | undefined {
  const { sku } = refusal;
  return lines.find((line) => line.sku === sku) ?? lines[0];
}

/** Resolves when the work does or the time is over; the work goes on. */
async function withinTime(work: Promise<unknown>, waitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, waitMs)));
  await Promise.race([work, over]);
  clearTimeout(timer);
}
