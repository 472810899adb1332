import { available, type Claim, type Place, type Stock, type Unit } from './stock.ts';

// What a claim does to the stock, whoever makes it: a hold, a sale's line, a transfer's.

/** `DONE`, or the code of the refusal. */
export type Outcome = string;
export type Taken = { stock: Stock; outcome: Outcome };

export const done = (stock: Stock): Taken => ({ stock, outcome: 'DONE' });
export const refused = (stock: Stock, outcome: Outcome): Taken => ({ stock, outcome });

export function withRings(stock: Stock, place: Place, quantity: number): Stock {
  return { ...stock, rings: { ...stock.rings, [place]: stock.rings[place] + quantity } };
}

export function withUnit(stock: Stock, serial: string, changed: Partial<Unit>): Stock {
  const units = stock.units.map((unit) =>
    unit.serial === serial ? { ...unit, ...changed } : unit,
  );
  return { ...stock, units };
}

export const unitOf = (stock: Stock, serial: string): Unit =>
  stock.units.find((unit) => unit.serial === serial)!;

export function placed(
  stock: Stock,
  { name, sku, place, quantity, serial, isSoft, of }: Claim,
): Taken {
  if (available(stock, sku, place) < quantity) return refused(stock, 'INSUFFICIENT_STOCK');
  const claim = { name, sku, place, quantity, serial, isSoft, of };
  return done({ ...stock, claims: [...stock.claims, claim] });
}

export function placedPiece(
  stock: Stock,
  asked: Pick<Claim, 'name' | 'isSoft' | 'of'> & { serial: string },
): Taken {
  const unit = unitOf(stock, asked.serial);
  if (unit.status !== 'AVAILABLE') return refused(stock, 'UNIT_NOT_AVAILABLE');
  const taken = placed(stock, { ...asked, sku: 'BROOCH', place: unit.place, quantity: 1 });
  if (taken.outcome !== 'DONE') return taken;
  return done(withUnit(taken.stock, asked.serial, { status: 'HELD' }));
}

// Everything that bears the name goes, and its pieces are free again.
export function without(stock: Stock, name: string): Stock {
  const gone = stock.claims.filter((claim) => claim.name === name);
  const freed = gone.reduce(
    (state, { serial }) => (serial ? withUnit(state, serial, { status: 'AVAILABLE' }) : state),
    stock,
  );
  return { ...freed, claims: stock.claims.filter((claim) => claim.name !== name) };
}

export function ifLive(stock: Stock, name: string, change: (claim: Claim) => Stock): Taken {
  const claim = stock.claims.find((each) => each.name === name);
  return claim ? done(change(claim)) : refused(stock, 'HOLD_NOT_LIVE');
}

export const claimsOf = (stock: Stock, sale: string): Claim[] =>
  stock.claims.filter(({ of }) => of?.kind === 'SALE' && of.name === sale);

export const harden = (claim: Claim, sale: string): Claim =>
  claim.of?.kind === 'SALE' && claim.of.name === sale ? { ...claim, isSoft: false } : claim;

// The oldest free pieces stand for a generic claim, one row each.
export function allocated(stock: Stock, claim: Claim): Stock {
  if (claim.sku === 'RING' || claim.serial) return stock;
  const free = stock.units
    .filter((unit) => unit.place === claim.place && unit.status === 'AVAILABLE')
    .slice(0, claim.quantity);
  const nameOf = (part: number) => (part === 0 ? claim.name : `${claim.name} part ${part}`);
  const parts = free.map(({ serial }, part) => ({
    ...claim,
    name: nameOf(part),
    quantity: 1,
    serial,
  }));
  const claims = stock.claims.flatMap((each) => (each === claim ? parts : [each]));
  return free.reduce((state, { serial }) => withUnit(state, serial, { status: 'HELD' }), {
    ...stock,
    claims,
  });
}

export function soldOf(stock: Stock, claim: Claim): Stock {
  const claims = stock.claims.filter((each) => each !== claim);
  if (claim.sku === 'RING') return withRings({ ...stock, claims }, claim.place, -claim.quantity);
  return withUnit({ ...stock, claims }, claim.serial!, { status: 'SOLD' });
}
