import fc from 'fast-check';
import type { RecordedLine, Step } from './step.ts';
import { places, type UnitStatus } from './stock.ts';

/** Steps of one group are called at the same time; the groups one after the other. */
export type Sequence = Step[][];

export const firstPieces = ['S1', 'S2', 'S3'];
const sales = ['sale 1', 'sale 2', 'sale 3'];
const statuses: UnitStatus[] = [
  'AVAILABLE',
  'HELD',
  'SOLD',
  'IN_REPAIR',
  'IN_TRANSIT',
  'LOST',
  'SCRAPPED',
  'RETURNED',
];

const kinds = [
  ...['receive', 'receivePiece', 'adjust', 'hold', 'hold', 'holdPiece', 'holdPiece', 'release'],
  ...['expire', 'extend', 'harden', 'allocate', 'basket', 'basket', 'basketPiece', 'basketPiece'],
  ...['claim', 'claim', 'record', 'releaseSale', 'apply', 'apply', 'setStatus', 'setStatus'],
  ...['send', 'dispatch', 'arrive', 'cancel'],
] as Step['kind'][];

// Numbers only, so that fast-check can shrink each alone; names are decided when a sequence is read.
type Raw = { kind: Step['kind']; nth: number; quantity: number; place: number; flag: boolean };
const raw: fc.Arbitrary<Raw> = fc.record({
  kind: fc.constantFrom(...kinds),
  nth: fc.nat({ max: 7 }),
  quantity: fc.integer({ min: 1, max: 4 }),
  place: fc.nat({ max: 3 }),
  flag: fc.boolean(),
});
const group = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(raw) as fc.Arbitrary<Raw[]> },
  { weight: 1, arbitrary: fc.array(raw, { minLength: 2, maxLength: 3 }) },
);

export const sequences: fc.Arbitrary<Sequence> = fc
  .array(group, { minLength: 4, maxLength: 24 })
  .map(named);

type Names = {
  holds: string[];
  sends: string[];
  pieces: string[];
  records: string[];
  count: number;
};

// Only names of earlier groups are used: within a group nobody knows yet what the others made.
function named(groups: Raw[][]): Sequence {
  const names: Names = { holds: [], sends: [], pieces: [...firstPieces], records: [], count: 0 };
  return groups.map((each) => {
    const steps = each.flatMap((one) => stepOf(one, names) ?? []);
    for (const step of steps) {
      if (step.kind === 'hold' || step.kind === 'holdPiece') names.holds.push(step.name);
      if (step.kind === 'send') names.sends.push(step.name);
      if (step.kind === 'record') names.records.push(step.sale);
      if (step.kind === 'receivePiece') names.pieces.push(step.serial);
    }
    return steps;
  });
}

function stepOf({ kind, nth, quantity, place: at, flag }: Raw, names: Names): Step | undefined {
  // HQ, where the pieces begin, three times out of four: rare collisions find nothing.
  const place = places[at === 3 ? 1 : 0]!;
  const serial = names.pieces[nth % names.pieces.length]!;
  const sale = sales[nth % sales.length]!;
  const ofHold = names.holds[names.holds.length - 1 - (nth % Math.max(names.holds.length, 1))];
  const ofSend = names.sends[nth % Math.max(names.sends.length, 1)];
  const fresh = (prefix: string) => `${prefix} ${++names.count}`;
  switch (kind) {
    case 'receive':
      return { kind, place, quantity };
    case 'receivePiece':
      return { kind, place, serial: fresh('P').replace(' ', '') };
    case 'adjust':
      return { kind, place, quantity: flag ? quantity : -quantity };
    case 'hold': {
      const sku = nth % 3 === 0 ? ('BROOCH' as const) : ('RING' as const);
      return { kind, name: fresh('hold'), sku, place, quantity, isSoft: flag };
    }
    case 'holdPiece':
      return { kind, name: fresh('hold'), serial, isSoft: flag };
    case 'basket': {
      const sku = at === 1 ? ('BROOCH' as const) : ('RING' as const);
      return { kind, name: fresh('line'), sale, sku, place, quantity };
    }
    case 'basketPiece':
      return { kind, name: fresh('line'), sale, serial };
    case 'claim':
      return { kind, sale, lines: [] };
    case 'record':
      return {
        kind,
        sale: fresh('record'),
        lines: recordedLines({ fresh, serial, quantity, place, flag }),
      };
    case 'releaseSale':
    case 'apply': {
      const all = [...sales, ...names.records];
      return { kind, sale: all[nth % all.length]! };
    }
    case 'setStatus':
      return { kind, serial, to: statuses[(nth + quantity) % statuses.length]! };
    case 'send':
      return {
        kind,
        name: fresh('transfer'),
        from: place,
        quantity: flag ? quantity : 0,
        serial: flag ? null : serial,
      };
    case 'release':
      return ofHold ? { kind, name: ofHold, quantity: flag ? quantity : null } : undefined;
    case 'expire':
    case 'extend':
    case 'harden':
    case 'allocate':
      return ofHold ? { kind, name: ofHold } : undefined;
    case 'dispatch':
    case 'arrive':
    case 'cancel':
      return ofSend ? { kind, name: ofSend } : undefined;
  }
}

// Rings alone, rings with the piece that is named, or rings with any pieces.
function recordedLines(of: {
  fresh: (prefix: string) => string;
  serial: string;
  quantity: number;
  place: RecordedLine['place'];
  flag: boolean;
}): RecordedLine[] {
  const { fresh, serial, quantity, place, flag } = of;
  const line = (sku: RecordedLine['sku'], count: number, named: string | null): RecordedLine => ({
    ...{ name: fresh('line'), sku, place, quantity: count, serial: named },
  });
  const rings = line('RING', quantity, null);
  if (quantity === 1) return [rings];
  return [rings, flag ? line('BROOCH', 1, serial) : line('BROOCH', Math.min(quantity, 2), null)];
}
