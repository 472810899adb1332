import { exactlyOne, type Database, type Tx } from '@onecount/db';
import { invalidInput, isRefusal, notFound } from '@onecount/refusal';
import type {
  SaleMoveInput,
  SaleParkInput,
  SaleRenameInput,
  SaleResumeInput,
} from '../generated/resolver-types.ts';
import { registersByIds } from '../register/register.sql.ts';
import type { Caller } from '../sale/idempotency.ts';
import { extended, renewed, type BasketDeps } from '../sale/line.service.ts';
import { registerClosed, saleNotOpen } from '../sale/sale.errors.ts';
import { lockSale, salesByIds } from '../sale/sale.queries.ts';
import { readSale } from '../sale/sale.sql.ts';
import { lineAsItIs, takesLines, type Sale } from '../sale/sale.ts';
import { lockOpenShift } from '../shift/shift.sql.ts';
import { saleNotParked } from './parking.errors.ts';
import { endParking, moveTo, storeName, storeParking } from './parking.sql.ts';
import { checkBasket, lostLines, parkedHoldSecondsLeft } from './parking.ts';

export type ParkingService = ReturnType<typeof createParkingService>;
export type ParkingDeps = Pick<BasketDeps, 'db' | 'inventory' | 'log' | 'holdSeconds'> & {
  /** How long a parked basket keeps its stock. */
  parkedHoldSeconds: number;
};

export function createParkingService(deps: ParkingDeps) {
  const { db } = deps;
  return {
    async rename(caller: Caller, input: SaleRenameInput) {
      const invalid = checkBasket(input);
      if (invalid) return invalid;
      return db.command(
        caller,
        { operation: 'saleRename', input },
        (tx) => rename(tx, input),
        async (tx, { saleId }) => ({
          __typename: 'SaleRenameSuccess' as const,
          sale: exactlyOne(await salesByIds(tx, [saleId])),
        }),
      );
    },
    /** First parked, then held for longer: a crash in between leaves the holds to their old end, and the same key extends them. */
    async park(caller: Caller, input: SaleParkInput) {
      const invalid = checkBasket(input);
      if (invalid) return invalid;
      const parked = await db.command(caller, { operation: 'salePark', input }, (tx) =>
        park(tx, caller, input),
      );
      if (isRefusal(parked)) return parked;
      const sale = await keptWhileParked(deps, caller, await saleOf(db, caller, parked.saleId));
      return { __typename: 'SaleParkSuccess' as const, sale };
    },
    async resume(caller: Caller, input: SaleResumeInput) {
      const invalid = checkBasket(input);
      if (invalid) return invalid;
      const resumed = await db.command(caller, { operation: 'saleResume', input }, (tx) =>
        resume(tx, input),
      );
      if (isRefusal(resumed)) return resumed;
      const stored = await saleOf(db, caller, resumed.saleId);
      const sale = takesLines(stored) ? await renewed(deps, caller, stored) : stored;
      const lost = lostLines(sale, new Date()).map((line) => lineAsItIs(sale, line));
      return { __typename: 'SaleResumeSuccess' as const, sale, lost };
    },
    async move(caller: Caller, input: SaleMoveInput) {
      const invalid = checkBasket(input);
      if (invalid) return invalid;
      return db.command(
        caller,
        { operation: 'saleMove', input },
        (tx) => move(tx, input),
        async (tx, { saleId }) => ({
          __typename: 'SaleMoveSuccess' as const,
          sale: exactlyOne(await salesByIds(tx, [saleId])),
        }),
      );
    },
  };
}

async function saleOf(db: Database, { tenantId }: Caller, saleId: string): Promise<Sale> {
  return (await readSale(db, { tenantId, saleId }))!;
}

const nameOf = (name: string | null | undefined) => name?.trim() || null;

async function rename(tx: Tx, { saleId, name }: SaleRenameInput) {
  const sale = await lockSale(tx, saleId);
  if (!sale) return notFound('Sale', saleId);
  if (sale.status !== 'OPEN') return saleNotOpen(sale);
  await storeName(tx, sale.id, nameOf(name));
  return { saleId: sale.id };
}

async function park(tx: Tx, { subject: by }: Caller, { saleId, name }: SaleParkInput) {
  const sale = await lockSale(tx, saleId);
  if (!sale) return notFound('Sale', saleId);
  if (!takesLines(sale)) return saleNotOpen(sale);
  await storeParking(tx, sale.id, { by, name: nameOf(name) });
  return { saleId: sale.id };
}

async function keptWhileParked(deps: ParkingDeps, caller: Caller, sale: Sale): Promise<Sale> {
  const now = new Date();
  const holdSeconds = parkedHoldSecondsLeft(sale, { now, holdSeconds: deps.parkedHoldSeconds });
  const isHeld = sale.lines.some(({ heldUntil }) => heldUntil !== null);
  return isHeld && holdSeconds > 0 ? extended(deps, caller, sale, holdSeconds) : sale;
}

async function resume(tx: Tx, { saleId, registerId }: SaleResumeInput) {
  const sale = await lockSale(tx, saleId);
  if (!sale) return notFound('Sale', saleId);
  if (sale.status !== 'OPEN') return saleNotOpen(sale);
  if (sale.parkedAt === null) {
    const [holder] = sale.registerId ? await registersByIds(tx, [sale.registerId]) : [];
    return saleNotParked(sale, holder?.name ?? null);
  }
  const refusal = await placeAt(tx, sale, registerId ?? sale.registerId);
  if (refusal) return refusal;
  await endParking(tx, sale.id);
  return { saleId: sale.id };
}

async function move(tx: Tx, { saleId, registerId }: SaleMoveInput) {
  const sale = await lockSale(tx, saleId);
  if (!sale) return notFound('Sale', saleId);
  if (sale.status !== 'OPEN') return saleNotOpen(sale);
  const refusal = await placeAt(tx, sale, registerId);
  return refusal ?? { saleId: sale.id };
}

/** The basket is of this till from now on, or why it cannot be. A basket of another channel has no till. */
async function placeAt(tx: Tx, sale: Sale, registerId: string | null) {
  if (registerId === null) return undefined;
  if (sale.channel !== 'COUNTER')
    return invalidInput('registerId', 'Only a basket of a till is at a till.', registerId);
  const [register] = await registersByIds(tx, [registerId]);
  if (!register) return notFound('Register', registerId);
  if (!(await lockOpenShift(tx, register.id))) return registerClosed(register.id);
  if (register.id !== sale.registerId) await moveTo(tx, sale, register);
  return undefined;
}
