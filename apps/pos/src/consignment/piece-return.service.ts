import { uuidv7, type Database, type Tx } from '@onecount/db';
import { crashAt } from '@onecount/failpoint';
import { ServiceCallError } from '@onecount/graphql';
import { isRefusal, isUuid, notFound } from '@onecount/refusal';
import type { Logger } from '@onecount/telemetry';
import { locationOf, type LocationService } from '../location/location.service.ts';
import type { Caller } from '../sale/idempotency.ts';
import { pieceNotLeft, pieceStays } from './consignment.errors.ts';
import { checkPieceReturn, type ConsignmentPieceReturnInput } from './consignment.input.ts';
import { lockPiece, piecesByIds } from './consignment.sql.ts';
import type { PieceReturn } from './consignment.ts';
import type { PieceClient } from './piece.client.ts';
import {
  insertReturn,
  returnById,
  returnToDrive,
  settleReturn,
  storePlace,
} from './piece-return.sql.ts';

export type PieceReturnDeps = {
  db: Database;
  pieces: PieceClient;
  locations: LocationService;
  log: Logger;
  /** After how long the worker looks after a return that nobody ended. */
  settleSeconds: number;
};
export type PieceReturnService = ReturnType<typeof createPieceReturnService>;

/**
 * A piece goes back to its owner in three steps: kept from sale here, out of the count in inventory, counted as returned here.
 * Any process may take over after any of them: inventory answers the same under the return's id for ever, so that nobody takes
 * a piece back that has left (ADR 0376).
 */
export function createPieceReturnService(deps: PieceReturnDeps) {
  return {
    async giveBack(caller: Caller, input: ConsignmentPieceReturnInput) {
      const begun = await begin(deps, caller, input);
      if (isRefusal(begun)) return begun;
      const end = await drive(deps, caller, begun.returnId);
      return end.status === 'REFUSED'
        ? pieceStays(end)
        : { __typename: 'ConsignmentPieceReturnSuccess' as const, consignmentReturn: end };
    },
    drive: (caller: Caller, returnId: string) => drive(deps, caller, returnId),
  };
}

async function begin(deps: PieceReturnDeps, caller: Caller, input: ConsignmentPieceReturnInput) {
  const { db, locations } = deps;
  const { pieceId } = input;
  const invalid = checkPieceReturn(input);
  if (invalid) return invalid;
  if (!isUuid(pieceId)) return notFound('ConsignmentPiece', pieceId);
  const [piece] = await db.read(caller.tenantId, (tx) => piecesByIds(tx, [pieceId]));
  if (!piece) return notFound('ConsignmentPiece', pieceId);
  const place = piece.serialUnitId ? null : await locationOf(locations, caller, input);
  if (isRefusal(place)) return place;
  const begun = await db.command(caller, { operation: 'consignmentPieceReturn', input }, (tx) =>
    reserve(tx, caller, { input, locationId: place?.id ?? null, ...deps }),
  );
  crashAt('consignment-return.after-commit');
  return begun;
}

type Reserving = {
  input: ConsignmentPieceReturnInput;
  locationId: string | null;
  settleSeconds: number;
};

async function reserve(tx: Tx, caller: Caller, of: Reserving) {
  const { input, locationId, settleSeconds } = of;
  const piece = await lockPiece(tx, input.pieceId);
  const { leftQuantity } = piece!;
  const requestedQuantity = input.quantity ?? Math.max(leftQuantity, 1);
  if (requestedQuantity > leftQuantity) return pieceNotLeft({ leftQuantity, requestedQuantity });
  const returnId = uuidv7();
  await insertReturn(tx, {
    ...{ id: returnId, pieceId: piece!.id, quantity: requestedQuantity, locationId },
    ...{ note: input.note?.trim() || null, returnedBy: caller.subject, settleSeconds },
  });
  return { returnId };
}

/** As far as inventory answers: PENDING when it does not. */
async function drive(
  deps: PieceReturnDeps,
  caller: Caller,
  returnId: string,
): Promise<PieceReturn> {
  const { db, log } = deps;
  const { tenantId } = caller;
  const back = await db.read(tenantId, (tx) => returnToDrive(tx, returnId));
  if (back.status !== 'PENDING') return back;
  try {
    const end = await leave(deps, caller, back);
    crashAt('consignment-return.after-answer');
    return await db.inTransaction(tenantId, async (tx) => {
      await settleReturn(tx, returnId, end);
      return returnById(tx, returnId);
    });
  } catch (err) {
    if (!(err instanceof ServiceCallError)) throw err;
    log.warn({ err, returnId }, 'the return to an owner has no answer yet');
    return back;
  }
}

type ToLeave = Awaited<ReturnType<typeof returnToDrive>>;

async function leave({ db, pieces }: PieceReturnDeps, caller: Caller, back: ToLeave) {
  const { id: consignmentReturnId, sku, serial, serialUnitId, quantity } = back;
  const found = back.locationId ?? (await pieces.named(caller, { sku, serial }))?.locationId;
  if (!found) return { status: 'REFUSED' as const, refusal: 'Inventory does not know the unit.' };
  const locationId = await db.inTransaction(caller.tenantId, (tx) =>
    storePlace(tx, consignmentReturnId, found),
  );
  const leaving = { consignmentReturnId, sku, serialUnitId, locationId, quantity };
  const { outcome, message } = await pieces.leave(caller, leaving);
  return outcome === 'STAYS'
    ? { status: 'REFUSED' as const, refusal: message }
    : { status: 'RETURNED' as const, refusal: null };
}
