import { randomUUID } from 'node:crypto';
import { isRefusal, type Refusal } from '@onecount/refusal';
import { createAllocationService } from '../../src/kernel/hold/allocation.service.ts';
import { createHoldChangeService } from '../../src/kernel/hold/hold-change.service.ts';
import { createTransferService } from '../../src/documents/transfer/transfer.service.ts';
import type { ClaimedLine } from '../../src/kernel/sale/sale.sql.ts';
import type { StockRoom } from '../stock-room.ts';
import { firstPieces, type Sequence } from './sequence.ts';
import { statesAfter } from './explain.ts';
import type { Outcome } from './claim.ts';
import { other, type Step } from './step.ts';
import { emptyStock, shown, type Stock } from './stock.ts';

const firstRings = 4;
const firstStock: Stock = {
  ...emptyStock,
  rings: { HQ: firstRings, GM: 0 },
  units: firstPieces.map((serial) => ({ serial, place: 'HQ', status: 'AVAILABLE' })),
};

/** The same steps on the database and on the model: some order must explain every answer, and the end. */
export async function run(room: StockRoom, sequence: Sequence): Promise<void> {
  const shop = await openShop(room);
  let states: Stock[] = [firstStock];
  for (const group of sequence) {
    const steps = group.filter((step) => shop.canTake(step)).map((step) => shop.withLines(step));
    const outcomes = await Promise.all(steps.map((step) => shop.take(step)));
    const next = statesAfter(states, steps, outcomes);
    if (next.length === 0) throw new UnexplainedError(states, steps, outcomes);
    states = next;
  }
  const seen = await shop.shown();
  expect(states.map(shown)).toContainEqual(seen);
  await room.assertSums();
}

class UnexplainedError extends Error {
  constructor(states: Stock[], steps: Step[], outcomes: Outcome[]) {
    const calls = steps.map((step, index) => `${JSON.stringify(step)} -> ${outcomes[index]}`);
    super(`no order explains\n${calls.join('\n')}\nfrom ${JSON.stringify(states[0])}`);
    this.name = 'UnexplainedError';
  }
}

type SaleLine = {
  name: string;
  lineId: string;
  stockItemId: string;
  sku: string;
  quantity: number;
  serialUnitId?: string;
};

/** The stock room by the names that steps give to things. */
async function openShop(room: StockRoom) {
  const { db, caller, places } = room;
  const services = {
    changes: createHoldChangeService({ db }),
    allocations: createAllocationService({ db }),
    transfers: createTransferService({ db }),
  };
  const items = {
    RING: await room.register('RING'),
    BROOCH: await room.register('BROOCH', 'SERIAL'),
  };
  await room.receive({ sku: 'RING', quantity: firstRings });
  const units = new Map<string, string>();
  const receivePiece = async (serial: string, place: 'HQ' | 'GM') => {
    const [id] = await room.receive({ sku: 'BROOCH', units: [{ serial }] }, place);
    units.set(serial, id!);
  };
  for (const serial of firstPieces) await receivePiece(serial, 'HQ');

  const ids = new Map<string, string>();
  const sales = new Map<string, { id: string; isClaimed: boolean; lines: SaleLine[] }>();
  const saleOf = (name: string) => {
    const sale = sales.get(name) ?? { id: randomUUID(), isClaimed: false, lines: [] };
    sales.set(name, sale);
    return sale;
  };
  const key = () => ({ idempotencyKey: randomUUID() });
  const keep = async <T extends object>(
    name: string,
    asked: Promise<T>,
    idOf: (made: Exclude<T, Refusal>) => string,
  ) => {
    const made = await asked;
    if (!isRefusal(made)) ids.set(name, idOf(made as Exclude<T, Refusal>));
    return made;
  };

  async function line(step: Extract<Step, { kind: 'basket' | 'basketPiece' }>) {
    const sale = saleOf(step.sale);
    const lineId = randomUUID();
    const piece =
      step.kind === 'basket'
        ? { sku: step.sku, quantity: step.quantity, locationId: places[step.place] }
        : { sku: 'BROOCH', serial: step.serial };
    const made = await room.holdLine({ saleId: sale.id, lineId }, piece);
    if (isRefusal(made)) return made;
    const item = items[piece.sku as keyof typeof items];
    const unit = step.kind === 'basketPiece' ? { serialUnitId: units.get(step.serial)! } : {};
    const quantity = step.kind === 'basket' ? step.quantity : 1;
    sale.lines.push({
      name: step.name,
      lineId,
      stockItemId: item.id,
      sku: piece.sku,
      quantity,
      ...unit,
    });
    return made;
  }

  // As if the time had come. Under the level's lock, which every change takes: time does not run backwards
  // for one that is under way.
  const expire = (holdId: string) =>
    db.inTransaction(room.tenantId, async (tx) => {
      await tx.query(
        `SELECT FROM level l JOIN hold h ON h.stock_item_id = l.stock_item_id AND h.location_id = l.location_id
         WHERE h.id = $1 FOR NO KEY UPDATE OF l`,
        [holdId],
      );
      await tx.query(
        `UPDATE hold SET expires_at = clock_timestamp() - interval '1 ms'
         WHERE id = $1 AND status = 'LIVE' AND kind = 'SOFT'`,
        [holdId],
      );
      return {};
    });

  async function call(step: Step): Promise<object | { outcome: string }> {
    switch (step.kind) {
      case 'receive':
        return room.receive({ sku: 'RING', quantity: step.quantity }, step.place);
      case 'receivePiece':
        return receivePiece(step.serial, step.place).then(() => ({}));
      case 'adjust':
        return room.adjustments.adjust(caller, {
          sku: 'RING',
          locationId: places[step.place],
          quantity: step.quantity,
          reason: 'COUNT_CORRECTION',
          ...key(),
        });
      case 'hold':
      case 'holdPiece': {
        const { name, isSoft } = step;
        const piece =
          step.kind === 'hold'
            ? { sku: step.sku, quantity: step.quantity, locationId: places[step.place] }
            : { sku: 'BROOCH', serial: step.serial };
        const asked = room.hold({ ...piece, kind: isSoft ? 'SOFT' : 'HARD' });
        return keep(name, asked, ({ hold }) => hold.id);
      }
      case 'release':
        return room.holds.release(caller, {
          holdId: ids.get(step.name)!,
          quantity: step.quantity,
          ...key(),
        });
      case 'expire':
        return expire(ids.get(step.name)!);
      case 'extend':
        return services.changes.extend(caller, {
          holdId: ids.get(step.name)!,
          holdSeconds: 900,
          ...key(),
        });
      case 'harden':
        return services.changes.harden(caller, { holdId: ids.get(step.name)!, ...key() });
      case 'allocate':
        return services.allocations.allocate(caller, { holdId: ids.get(step.name)!, ...key() });
      case 'basket':
      case 'basketPiece':
        return line(step);
      case 'claim': {
        const sale = saleOf(step.sale);
        const lines = sale.lines.filter(({ name }) => step.lines.includes(name));
        const made = await room.sales.claim(caller, { saleId: sale.id, lines });
        sale.isClaimed ||= !isRefusal(made);
        return made;
      }
      case 'record': {
        const sale = saleOf(step.sale);
        const lines = step.lines.map(({ name, sku, place, quantity, serial }) => ({
          ...{ name, sku, quantity, serial, lineId: randomUUID() },
          locationId: serial ? null : places[place],
        }));
        const made = await room.sales.claim(caller, { saleId: sale.id, lines });
        if (isRefusal(made)) return made;
        sale.isClaimed = true;
        // As POS commits it: with what the claim gave to each line.
        const given = new Map(
          (made as { lines: ClaimedLine[] }).lines.map((one) => [one.lineId, one]),
        );
        sale.lines = lines.map(({ name, lineId, sku, quantity, serial }) => ({
          ...{ name, lineId, sku, quantity },
          stockItemId: given.get(lineId)!.stockItemId,
          ...(serial ? { serialUnitId: units.get(serial)! } : {}),
        }));
        return made;
      }
      case 'releaseSale':
        return room.sales.release(caller, { saleId: saleOf(step.sale).id });
      case 'apply': {
        const sale = saleOf(step.sale);
        return room.apply(sale.id, sale.lines);
      }
      case 'setStatus':
        return room.setStatus(units.get(step.serial)!, step.to);
      case 'send': {
        const lines = [
          ...(step.quantity > 0 ? [{ sku: 'RING', quantity: step.quantity }] : []),
          ...(step.serial ? [{ sku: 'BROOCH', serials: [step.serial] }] : []),
        ];
        const between = {
          fromLocationId: places[step.from],
          toLocationId: places[other(step.from)],
        };
        const asked = services.transfers.create(caller, { ...between, lines, ...key() });
        return keep(step.name, asked, ({ transferId }) => transferId);
      }
      case 'dispatch':
        return services.transfers.dispatch(caller, { transferId: ids.get(step.name)!, ...key() });
      case 'arrive':
        return services.transfers.receive(caller, {
          transferId: ids.get(step.name)!,
          isComplete: true,
          ...key(),
        });
      case 'cancel':
        return services.transfers.cancel(caller, { transferId: ids.get(step.name)!, ...key() });
    }
  }

  return {
    /** Not what was never made, and no event of a sale that POS could not have committed. */
    canTake(step: Step): boolean {
      if (step.kind === 'apply') return saleOf(step.sale).isClaimed;
      if (step.kind === 'hold' || step.kind === 'holdPiece' || step.kind === 'send') return true;
      if (step.kind === 'basket' || step.kind === 'basketPiece') return true;
      if ('serial' in step && step.kind !== 'receivePiece') return units.has(step.serial);
      return !('name' in step) || ids.has(step.name);
    },

    withLines(step: Step): Step {
      if (step.kind !== 'claim') return step;
      return { ...step, lines: saleOf(step.sale).lines.map(({ name }) => name) };
    },

    async take(step: Step): Promise<Outcome> {
      const answer = await call(step);
      if (isRefusal(answer)) return answer.code;
      const { outcome } = answer as { outcome?: string };
      return step.kind === 'apply' && outcome !== 'APPLIED' ? String(outcome) : 'DONE';
    },

    async shown() {
      const levels = await room.rows<{
        sku: string;
        place: string;
        onHand: number;
        committed: number;
      }>(
        `SELECT i.sku, c.code AS place, coalesce(n.on_hand, 0) AS "onHand", coalesce(n.committed, 0) AS committed
         FROM stock_item i CROSS JOIN location c
         LEFT JOIN level_now n ON n.stock_item_id = i.id AND n.location_id = c.id
         ORDER BY i.sku DESC, c.code DESC`,
      );
      const found = await room.rows<{ serial: string; place: string; status: string }>(
        `SELECT u.serial, c.code AS place, u.status FROM serial_unit_now u JOIN location c ON c.id = u.location_id`,
      );
      return {
        levels,
        units: [...units.keys()].map((serial) => found.find((unit) => unit.serial === serial)!),
      };
    },
  };
}
