import type { SerialUnitStatus } from '../../kernel/serial-unit/serial-unit.sql.ts';
import { nameOf } from '../../kernel/stock.errors.ts';
import type { Tracking } from '../../kernel/stock-item/stock-item.ts';

// What a transfer is and what may be put on it: pure, over what the database says under its locks.

export const transferStatuses = [
  'DRAFT',
  'DISPATCHED',
  'PARTIALLY_RECEIVED',
  'RECEIVED',
  'CLOSED',
  'CANCELLED',
] as const;
export type TransferStatus = (typeof transferStatuses)[number];

export type TransferRow = {
  id: string;
  status: TransferStatus;
  fromLocationId: string;
  toLocationId: string;
  note: string | null;
  createdBy: string;
  createdAt: Date;
  dispatchedBy: string | null;
  dispatchedAt: Date | null;
  endedBy: string | null;
  endedAt: Date | null;
};

export type TransferLineRow = {
  id: string;
  transferId: string;
  stockItemId: string;
  serialUnitId: string | null;
  quantity: number;
  dispatched: number;
  received: number;
  returned: number;
  missing: number;
  /** Still on its way: in no level. */
  inTransit: number;
};

export type DifferenceOutcome = 'MISSING' | 'RETURNED';
export type DifferenceReason = 'LOSS' | 'DAMAGE' | 'COUNT_CORRECTION' | 'CANCELLED' | 'OTHER';
export type DifferenceRow = {
  id: string;
  transferLineId: string;
  outcome: DifferenceOutcome;
  quantity: number;
  reason: DifferenceReason;
  note: string | null;
  costMinor: number | null;
  costCurrency: string | null;
  costQuantity: number | null;
  actor: string;
  occurredAt: Date;
};

export type ReasonCode =
  | 'UNKNOWN_SKU'
  | 'UNKNOWN_CODE'
  | 'UNKNOWN_UNIT'
  | 'UNKNOWN_LINE'
  | 'NOT_TRACKED'
  | 'QUANTITY_INVALID'
  | 'UNITS_REQUIRED'
  | 'DUPLICATE_UNIT'
  | 'UNIT_ELSEWHERE'
  | 'UNIT_HELD'
  | 'UNIT_SOLD'
  | 'UNIT_IN_REPAIR'
  | 'UNIT_IN_TRANSIT'
  | 'UNIT_LOST'
  | 'UNIT_SCRAPPED'
  | 'UNIT_RETURNED'
  | 'UNIT_NOT_IN_TRANSIT'
  | 'INSUFFICIENT'
  | 'NOT_OF_TRANSFER'
  | 'MORE_THAN_IN_TRANSIT'
  | 'NOT_DECLARED';

export type TransferReason = {
  index: number;
  sku: string | null;
  code: ReasonCode;
  message: string;
  value: string | null;
  requested: number | null;
  available: number | null;
};

export type Item = { id: string; sku: string; title: string; tracking: Tracking };

/** One thing that a line or a scan stands for: so many of an item, or one unit. */
export type Pick = { index: number; item: Item; unitId: string | null; quantity: number };

export type UnitFacts = {
  id: string;
  stockItemId: string;
  serial: string | null;
  stockNumber: string | null;
  status: SerialUnitStatus;
  locationId: string;
  locationCode: string;
  heldBy: string | null;
  heldUntil: Date | null;
};

/** What stands at the source, read under the locks of its levels and units. */
export type SourceFacts = {
  locationId: string;
  locationCode: string;
  units: ReadonlyMap<string, UnitFacts>;
  available: ReadonlyMap<string, number>;
  /** Of a SERIAL item: how many are there that are not registered one by one. */
  unregistered: ReadonlyMap<string, number>;
  /** Units that the transfer has already. */
  taken: ReadonlySet<string>;
};

/** Every reason against packing these, in their order; at most one each. */
export function packingReasons(picks: readonly Pick[], facts: SourceFacts): TransferReason[] {
  const taken = new Set(facts.taken);
  const available = new Map(facts.available);
  const unregistered = new Map(facts.unregistered);
  return picks.flatMap((pick) => {
    const { item, unitId, quantity } = pick;
    const problem =
      (unitId ? unitProblem(pick, facts, taken) : unnamedProblem(pick, unregistered)) ??
      amountProblem(pick, available.get(item.id) ?? 0, facts);
    if (problem) return [reasonOf(pick, problem)];
    if (unitId) taken.add(unitId);
    else unregistered.set(item.id, (unregistered.get(item.id) ?? 0) - quantity);
    available.set(item.id, (available.get(item.id) ?? 0) - quantity);
    return [];
  });
}

type Problem = Partial<TransferReason> & { code: ReasonCode; message: string };

export function reasonOf(
  pick: { index: number; item?: Pick['item'] },
  problem: Problem,
): TransferReason {
  return {
    index: pick.index,
    sku: pick.item?.sku ?? null,
    value: null,
    requested: null,
    available: null,
    ...problem,
  };
}

function unitProblem(
  { item, unitId }: Pick,
  facts: SourceFacts,
  taken: ReadonlySet<string>,
): Problem | undefined {
  const unit = facts.units.get(unitId!)!;
  const name = nameOf({ ...item, serial: unit.serial, stockNumber: unit.stockNumber });
  const value = unit.serial ?? unit.stockNumber;
  if (taken.has(unit.id))
    return { code: 'DUPLICATE_UNIT', message: `${name} is on the transfer already.`, value };
  if (unit.status !== 'AVAILABLE')
    return {
      code: `UNIT_${unit.status}`,
      message: `${name} cannot be packed: ${stateWords(unit)}.`,
      value,
    };
  if (unit.locationId !== facts.locationId)
    return {
      code: 'UNIT_ELSEWHERE',
      message: `${name} is at ${unit.locationCode}, not at ${facts.locationCode}.`,
      value: unit.locationCode,
    };
  return undefined;
}

function stateWords({ status, heldBy, heldUntil }: UnitFacts): string {
  if (status !== 'HELD') return `it is ${status.toLowerCase().replaceAll('_', ' ')}`;
  const holder = heldBy ? `held for ${heldBy.toLowerCase().replaceAll('_', ' ')}` : 'held';
  return heldUntil ? `it is ${holder} until ${heldUntil.toISOString()}` : `it is ${holder}`;
}

// Units that are registered travel by name, or nobody would know where each of them is.
function unnamedProblem(
  { item, quantity }: Pick,
  unregistered: ReadonlyMap<string, number>,
): Problem | undefined {
  const free = unregistered.get(item.id) ?? 0;
  if (item.tracking !== 'SERIAL' || quantity <= free) return undefined;
  return {
    code: 'UNITS_REQUIRED',
    message: `${nameOf(item)} is counted unit by unit: name each unit that travels.`,
    requested: quantity,
    available: Math.max(free, 0),
  };
}

function amountProblem(
  { item, quantity }: Pick,
  available: number,
  { locationCode }: SourceFacts,
): Problem | undefined {
  if (quantity <= available) return undefined;
  return {
    code: 'INSUFFICIENT',
    message: `${quantity} of ${nameOf(item)} asked for at ${locationCode}, ${Math.max(available, 0)} available.`,
    requested: quantity,
    available,
  };
}

/** Of one line: how many arrive, come back or are missed. */
export type Arrival = { line: TransferLineRow; quantity: number; index: number };

/** What arrives, line by line; a thing that is not on its way with this transfer is a reason. */
export function arrivalsOf(
  picks: readonly Pick[],
  lines: readonly TransferLineRow[],
): { arrivals: Arrival[]; reasons: TransferReason[] } {
  const byThing = new Map(
    lines.map((line) => [line.serialUnitId ?? `item/${line.stockItemId}`, line]),
  );
  const left = new Map(lines.map((line) => [line.id, line.inTransit]));
  const arrivals: Arrival[] = [];
  const reasons: TransferReason[] = [];
  for (const pick of picks) {
    const line = byThing.get(pick.unitId ?? `item/${pick.item.id}`);
    const onItsWay = line ? left.get(line.id)! : 0;
    if (!line) reasons.push(reasonOf(pick, notOfTransfer(pick)));
    else if (pick.quantity > onItsWay) reasons.push(reasonOf(pick, tooMany(pick, onItsWay)));
    else {
      left.set(line.id, onItsWay - pick.quantity);
      arrivals.push({ line, quantity: pick.quantity, index: pick.index });
    }
  }
  return { arrivals, reasons };
}

const notOfTransfer = ({ item }: Pick): Problem => ({
  code: 'NOT_OF_TRANSFER',
  message: `${nameOf(item)} is not on this transfer as named.`,
});

const tooMany = ({ item, quantity }: Pick, onItsWay: number): Problem => ({
  code: 'MORE_THAN_IN_TRANSIT',
  message: `${quantity} of ${nameOf(item)} named, ${onItsWay} are still on their way.`,
  requested: quantity,
  available: onItsWay,
});

/** RECEIVED once nothing is on its way; only arrivals lead here, differences close. */
export function statusAfter(lines: readonly TransferLineRow[], arrivals: readonly Arrival[]) {
  const onTheirWay = lines.reduce((sum, { inTransit }) => sum + inTransit, 0);
  const arrived = arrivals.reduce((sum, { quantity }) => sum + quantity, 0);
  return onTheirWay === arrived ? ('RECEIVED' as const) : ('PARTIALLY_RECEIVED' as const);
}
