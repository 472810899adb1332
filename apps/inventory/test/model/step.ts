import {
  available,
  type Claim,
  type Place,
  type Sale,
  type Sku,
  type Stock,
  type Transfer,
  type UnitStatus,
} from './stock.ts';
import {
  done,
  refused,
  type Taken,
  withRings,
  withUnit,
  unitOf,
  placed,
  placedPiece,
  without,
  ifLive,
  claimsOf,
  harden,
  allocated,
  soldOf,
} from './claim.ts';

/** One call, with every name in it decided: what is done does not depend on who comes first, what is answered may. */
export type Step =
  | { kind: 'receive'; place: Place; quantity: number }
  | { kind: 'receivePiece'; place: Place; serial: string }
  | { kind: 'adjust'; place: Place; quantity: number }
  | { kind: 'hold'; name: string; sku: Sku; place: Place; quantity: number; isSoft: boolean }
  | { kind: 'holdPiece'; name: string; serial: string; isSoft: boolean }
  | { kind: 'release'; name: string; quantity: number | null }
  | { kind: 'expire' | 'extend' | 'harden' | 'allocate'; name: string }
  | { kind: 'basket'; name: string; sale: string; sku: Sku; place: Place; quantity: number }
  | { kind: 'basketPiece'; name: string; sale: string; serial: string }
  /** `lines`: those that the till knows when it asks; a line of which it does not know goes. */
  | { kind: 'claim'; sale: string; lines: string[] }
  /** A sale that comes without a basket; nobody else uses its name before it is made. */
  | { kind: 'record'; sale: string; lines: RecordedLine[] }
  | { kind: 'releaseSale' | 'apply'; sale: string }
  | { kind: 'setStatus'; serial: string; to: UnitStatus }
  | { kind: 'send'; name: string; from: Place; quantity: number; serial: string | null }
  | { kind: 'dispatch' | 'arrive' | 'cancel'; name: string };

export type RecordedLine = Pick<Claim, 'name' | 'sku' | 'place' | 'quantity' | 'serial'>;

type Kind = Step['kind'];
type Of<K extends Kind> = Extract<Step, { kind: K }>;

const rules: { [K in Kind]: (stock: Stock, step: Of<K>) => Taken } = {
  receive: (stock, { place, quantity }) => done(withRings(stock, place, quantity)),
  receivePiece: (stock, { place, serial }) =>
    done({ ...stock, units: [...stock.units, { serial, place, status: 'AVAILABLE' }] }),
  adjust: (stock, { place, quantity }) =>
    quantity < 0 && available(stock, 'RING', place) + quantity < 0
      ? refused(stock, 'INSUFFICIENT_STOCK')
      : done(withRings(stock, place, quantity)),

  hold: (stock, step) => placed(stock, { ...step, serial: null, of: null }),
  holdPiece: (stock, { name, serial, isSoft }) =>
    placedPiece(stock, { name, serial, isSoft, of: null }),
  release: (stock, { name, quantity }) => {
    const claim = stock.claims.find((each) => each.name === name);
    if (!claim) return refused(stock, 'HOLD_NOT_LIVE');
    if (quantity === null || quantity === claim.quantity) return done(without(stock, name));
    if (quantity > claim.quantity) return refused(stock, 'INVALID_INPUT');
    const rest = { ...claim, quantity: claim.quantity - quantity };
    return done({ ...stock, claims: stock.claims.map((each) => (each === claim ? rest : each)) });
  },
  // Time passes for nobody else: an instant, not a call, so nothing is answered.
  expire: (stock, { name }) =>
    done(
      stock.claims.some((each) => each.name === name && each.isSoft) ? without(stock, name) : stock,
    ),
  extend: (stock, { name }) => ifLive(stock, name, () => stock),
  harden: (stock, { name }) =>
    ifLive(stock, name, () => ({
      ...stock,
      claims: stock.claims.map((each) => (each.name === name ? { ...each, isSoft: false } : each)),
    })),
  allocate: (stock, { name }) => {
    const claim = stock.claims.find((each) => each.name === name);
    if (claim && (claim.sku === 'RING' || claim.serial)) return refused(stock, 'INVALID_INPUT');
    return ifLive(stock, name, (generic) => allocated(stock, generic));
  },

  basket: (stock, step) =>
    ifOpen(stock, step.sale, () =>
      placed(stock, { ...step, isSoft: true, serial: null, of: saleOf(step.sale) }),
    ),
  basketPiece: (stock, { name, sale, serial }) =>
    ifOpen(stock, sale, () => placedPiece(stock, { name, serial, isSoft: true, of: saleOf(sale) })),
  claim: (stock, { sale, lines }) => {
    const status = stock.sales[sale] ?? 'BASKET';
    if (status === 'RELEASED') return refused(stock, 'SALE_CLAIM_RELEASED');
    if (status !== 'BASKET') return done(stock);
    const isKnown = ({ name }: Claim) => lines.includes(name);
    const allotted = claimsOf(stock, sale).filter(isKnown).reduce(allocated, stock);
    // What the till forgot goes at the end: its piece is not free while the others are chosen.
    const forgotten = claimsOf(stock, sale).filter((each) => !isKnown(each));
    const claimed = forgotten.map(({ name }) => name).reduce(without, allotted);
    const claims = claimed.claims.map((each) => harden(each, sale));
    return done(withSale({ ...claimed, claims }, sale, 'CLAIMED'));
  },
  record: (stock, { sale, lines }) => {
    // Named pieces first: a generic line is not given the piece that another line names.
    const ordered = lines.toSorted((a, b) => Number(b.serial !== null) - Number(a.serial !== null));
    const claimed = ordered.reduce<Taken>(
      (taken, line) => (taken.outcome === 'DONE' ? recorded(taken.stock, line, sale) : taken),
      done(stock),
    );
    if (claimed.outcome !== 'DONE') return refused(stock, 'SALE_CLAIM_REFUSED');
    const allotted = claimsOf(claimed.stock, sale).reduce(allocated, claimed.stock);
    return done(withSale(allotted, sale, 'CLAIMED'));
  },
  releaseSale: (stock, { sale }) => {
    if (stock.sales[sale] === 'APPLIED') return refused(stock, 'SALE_ALREADY_APPLIED');
    const names = claimsOf(stock, sale).map(({ name }) => name);
    return done(withSale(names.reduce(without, stock), sale, 'RELEASED'));
  },
  apply: (stock, { sale }) => {
    if (stock.sales[sale] === 'APPLIED') return refused(stock, 'ALREADY');
    if (stock.sales[sale] === 'RELEASED') return refused(stock, 'RELEASED');
    const sold = claimsOf(stock, sale).reduce(soldOf, stock);
    return done(withSale(sold, sale, 'APPLIED'));
  },

  setStatus: (stock, { serial, to }) => statusSet(stock, serial, to),

  send: (stock, { name, from, quantity, serial }) => {
    const lines = [
      ...(quantity > 0 ? [{ sku: 'RING' as const, quantity, serial: null }] : []),
      ...(serial ? [{ sku: 'BROOCH' as const, quantity: 1, serial }] : []),
    ];
    const packed = lines.reduce<Taken>(
      (taken, line) => (taken.outcome === 'DONE' ? pack(taken.stock, line, { name, from }) : taken),
      done(stock),
    );
    if (packed.outcome !== 'DONE') return refused(stock, 'TRANSFER_REFUSED');
    return done(withTransfer(packed.stock, name, { status: 'DRAFT', from, lines }));
  },
  dispatch: (stock, { name }) =>
    ifTransfer(stock, name, ['DRAFT'], (transfer) => {
      const left = transfer.lines.reduce(
        (state, { sku, quantity, serial }) =>
          sku === 'RING'
            ? withRings(state, transfer.from, -quantity)
            : withUnit(state, serial!, { status: 'IN_TRANSIT' }),
        withoutTransfer(stock, name),
      );
      return withTransfer(left, name, { ...transfer, status: 'DISPATCHED' });
    }),
  arrive: (stock, { name }) =>
    ifTransfer(stock, name, ['DISPATCHED'], (transfer) =>
      withTransfer(unpacked(stock, transfer, other(transfer.from)), name, {
        ...transfer,
        status: 'RECEIVED',
      }),
    ),
  cancel: (stock, { name }) =>
    ifTransfer(stock, name, ['DRAFT', 'DISPATCHED'], (transfer) => {
      const back =
        transfer.status === 'DRAFT'
          ? withoutTransfer(stock, name)
          : unpacked(stock, transfer, transfer.from);
      return withTransfer(back, name, { ...transfer, status: 'CANCELLED' });
    }),
};

/** What the step does to the stock, and how it is answered. */
export function take(stock: Stock, step: Step): Taken {
  return (rules[step.kind] as (stock: Stock, step: Step) => Taken)(stock, step);
}

export const other = (place: Place): Place => (place === 'HQ' ? 'GM' : 'HQ');
const saleOf = (name: string): Claim['of'] => ({ kind: 'SALE', name });

function recorded(stock: Stock, line: RecordedLine, sale: string): Taken {
  const claim = { ...line, isSoft: false, of: saleOf(sale) };
  return line.serial ? placedPiece(stock, { ...claim, serial: line.serial }) : placed(stock, claim);
}

const withSale = (stock: Stock, sale: string, status: Sale): Stock => ({
  ...stock,
  sales: { ...stock.sales, [sale]: status },
});

const withTransfer = (stock: Stock, name: string, transfer: Transfer): Stock => ({
  ...stock,
  transfers: { ...stock.transfers, [name]: transfer },
});

function ifOpen(stock: Stock, sale: string, change: () => Taken): Taken {
  return (stock.sales[sale] ?? 'BASKET') === 'BASKET'
    ? change()
    : refused(stock, 'SALE_CLAIM_RELEASED');
}

const byHand: Partial<Record<UnitStatus, UnitStatus[]>> = {
  AVAILABLE: ['IN_REPAIR', 'LOST', 'SCRAPPED'],
  SOLD: ['RETURNED'],
  RETURNED: ['AVAILABLE', 'IN_REPAIR', 'LOST', 'SCRAPPED'],
  IN_REPAIR: ['AVAILABLE', 'LOST', 'SCRAPPED'],
  LOST: ['AVAILABLE'],
};

// A piece at the bench or under inspection is here and not for sale: a claim of its own says so.
function statusSet(stock: Stock, serial: string, to: UnitStatus): Taken {
  const unit = unitOf(stock, serial);
  if (['HELD', 'SOLD', 'IN_TRANSIT'].includes(to)) return refused(stock, 'TRANSITION_NOT_ALLOWED');
  if (unit.status === 'HELD' || unit.status === 'IN_TRANSIT')
    return refused(stock, 'UNIT_NOT_AVAILABLE');
  if (!byHand[unit.status]?.includes(to)) return refused(stock, 'TRANSITION_NOT_ALLOWED');
  const name = `unit ${serial}`;
  const freed = { ...stock, claims: stock.claims.filter((claim) => claim.name !== name) };
  // A generic claim may need it: then it cannot leave what is available.
  const isLeaving = unit.status === 'AVAILABLE';
  if (isLeaving && available(stock, 'BROOCH', unit.place) < 1)
    return refused(stock, 'INSUFFICIENT_STOCK');
  const changed = withUnit(freed, serial, { status: to });
  if (to !== 'IN_REPAIR' && to !== 'RETURNED') return done(changed);
  const own: Claim = {
    name,
    sku: 'BROOCH',
    place: unit.place,
    quantity: 1,
    serial,
    isSoft: false,
    of: { kind: 'UNIT', name: serial },
  };
  return done({ ...changed, claims: [...changed.claims, own] });
}

function pack(
  stock: Stock,
  { sku, quantity, serial }: Transfer['lines'][number],
  { name, from }: { name: string; from: Place },
): Taken {
  const of = { kind: 'TRANSFER' as const, name };
  if (sku === 'RING')
    return placed(stock, {
      name: `${name} rings`,
      sku,
      place: from,
      quantity,
      serial,
      isSoft: false,
      of,
    });
  if (unitOf(stock, serial!).place !== from) return refused(stock, 'UNIT_NOT_AVAILABLE');
  return placedPiece(stock, { name: `${name} piece`, serial: serial!, isSoft: false, of });
}

const withoutTransfer = (stock: Stock, name: string): Stock =>
  [`${name} rings`, `${name} piece`].reduce(without, stock);

function unpacked(stock: Stock, { lines }: Transfer, place: Place): Stock {
  return lines.reduce(
    (state, { sku, quantity, serial }) =>
      sku === 'RING'
        ? withRings(state, place, quantity)
        : withUnit(state, serial!, { status: 'AVAILABLE', place }),
    stock,
  );
}

function ifTransfer(
  stock: Stock,
  name: string,
  from: Transfer['status'][],
  change: (transfer: Transfer) => Stock,
): Taken {
  const transfer = stock.transfers[name]!;
  return from.includes(transfer.status)
    ? done(change(transfer))
    : refused(stock, 'TRANSFER_NOT_IN_STATUS');
}
