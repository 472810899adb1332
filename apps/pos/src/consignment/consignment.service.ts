import { uuidv7, type Database, type Tx } from '@onecount/db';
import { invalidInput, isRefusal, isUuid, notFound, checkKey } from '@onecount/refusal';
import { lockKnown } from '../customer/customer.service.ts';
import type { Caller } from '../sale/idempotency.ts';
import {
  consignmentEnded,
  consignmentHasPieces,
  paymentExceedsOwed,
  pieceConsigned,
} from './consignment.errors.ts';
import {
  checkPieceAdd,
  readAmounts,
  readPayment,
  readTerms,
  type ConsignmentEndInput,
  type ConsignmentOpenInput,
  type ConsignmentPayInput,
  type ConsignmentPieceAddInput,
} from './consignment.input.ts';
import {
  agreementOfUnit,
  agreementsByIds,
  endAgreement,
  entryById,
  insertAgreement,
  insertPiece,
  lockAgreement,
  lockOwed,
  piecesByIds,
  piecesLeft,
  postPayment,
} from './consignment.sql.ts';
import { takesIn } from './consignment.ts';
import type { NamedPiece, PieceClient } from './piece.client.ts';

type Deps = { db: Database; pieces: PieceClient };
export type ConsignmentService = ReturnType<typeof createConsignmentService>;

/** Agreements with owners, their pieces, and what they are paid; giving pieces back is in piece-return.service.ts. */
export function createConsignmentService(deps: Deps) {
  return {
    open: (caller: Caller, input: ConsignmentOpenInput) => open(deps, caller, input),
    add: (caller: Caller, input: ConsignmentPieceAddInput) => add(deps, caller, input),
    end: (caller: Caller, input: ConsignmentEndInput) => end(deps, caller, input),
    pay: (caller: Caller, input: ConsignmentPayInput) => pay(deps, caller, input),
  };
}

async function open({ db }: Deps, caller: Caller, input: ConsignmentOpenInput) {
  const terms = readTerms(input, new Date());
  if (isRefusal(terms)) return terms;
  const { ownerId: asked, currencyCode } = input;
  if (!isUuid(asked)) return notFound('Customer', asked);
  return db.command(
    caller,
    { operation: 'consignmentOpen', input },
    async (tx) => {
      const owner = await lockKnown(tx, asked);
      if (isRefusal(owner)) return owner;
      const agreementId = uuidv7();
      const of = { id: agreementId, ownerId: owner.id, currencyCode, openedBy: caller.subject };
      await insertAgreement(tx, { ...of, ...terms });
      return { agreementId };
    },
    async (tx, { agreementId }) => ({
      __typename: 'ConsignmentOpenSuccess' as const,
      agreement: (await agreementsByIds(tx, [agreementId]))[0]!,
    }),
  );
}

async function add({ db, pieces }: Deps, caller: Caller, input: ConsignmentPieceAddInput) {
  const invalid = checkPieceAdd(input);
  if (invalid) return invalid;
  const { agreementId, sku, serial = null } = input;
  if (!isUuid(agreementId)) return notFound('ConsignmentAgreement', agreementId);
  const piece = await pieces.named(caller, { sku, serial });
  if (!piece) return serial ? notFound('SerialUnit', serial) : notFound('StockItem', sku);
  const unfit = problemOf(piece, input);
  if (unfit) return unfit;
  const name = `${piece.title} (${piece.serial})`;
  const constraints = {
    consignment_piece_one_agreement: () =>
      db.read(caller.tenantId, async (tx) =>
        pieceConsigned(name, (await agreementOfUnit(tx, piece.serialUnitId!))!),
      ),
  };
  return db.command(
    caller,
    { operation: 'consignmentPieceAdd', input, constraints },
    (tx) => takeIn(tx, caller, { input, piece, name }),
    async (tx, { pieceId }) => ({
      __typename: 'ConsignmentPieceAddSuccess' as const,
      piece: (await piecesByIds(tx, [pieceId]))[0]!,
    }),
  );
}

/** What cannot be somebody's piece: a service, a SERIAL item without its unit, a unit that is not here. */
function problemOf(piece: NamedPiece, { sku, serial }: ConsignmentPieceAddInput) {
  const { tracking, status } = piece;
  if (tracking === 'NONE') return invalidInput('sku', 'It is not counted: there is no piece.', sku);
  if (tracking === 'SERIAL' && !serial)
    return invalidInput('serial', 'It is counted unit by unit: name the unit.');
  return status === 'SOLD' || status === 'LOST' || status === 'SCRAPPED'
    ? invalidInput('serial', `The unit is ${status}: receive it first.`, serial)
    : undefined;
}

type Taking = { input: ConsignmentPieceAddInput; piece: NamedPiece; name: string };

async function takeIn(tx: Tx, caller: Caller, { input, piece, name }: Taking) {
  const agreement = await lockAgreement(tx, input.agreementId, 'share');
  if (!agreement) return notFound('ConsignmentAgreement', input.agreementId);
  if (!takesIn(agreement, new Date())) return consignmentEnded(agreement);
  const amounts = readAmounts(input, agreement.currencyCode);
  if (isRefusal(amounts)) return amounts;
  const { stockItemId, sku, title, serialUnitId, serial } = piece;
  const other = serialUnitId && (await agreementOfUnit(tx, serialUnitId));
  if (other) return pieceConsigned(name, other);
  const pieceId = uuidv7();
  const of = { id: pieceId, agreementId: agreement.id, stockItemId, sku, title };
  const quantity = input.quantity ?? 1;
  const added = { quantity, ...amounts, addedBy: caller.subject };
  await insertPiece(tx, { ...of, serialUnitId, serial, ...added });
  return { pieceId };
}

async function end({ db }: Deps, caller: Caller, input: ConsignmentEndInput) {
  const { agreementId } = input;
  const invalid = checkKey(input.idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(agreementId)) return notFound('ConsignmentAgreement', agreementId);
  return db.command(
    caller,
    { operation: 'consignmentEnd', input },
    async (tx) => {
      const agreement = await lockAgreement(tx, agreementId, 'update');
      if (!agreement) return notFound('ConsignmentAgreement', agreementId);
      if (agreement.endedAt) return consignmentEnded(agreement);
      const left = await piecesLeft(tx, agreementId);
      if (left > 0) return consignmentHasPieces(left);
      await endAgreement(tx, agreementId, caller.subject);
      return { agreementId };
    },
    async (tx) => ({
      __typename: 'ConsignmentEndSuccess' as const,
      agreement: (await agreementsByIds(tx, [agreementId]))[0]!,
    }),
  );
}

async function pay({ db }: Deps, caller: Caller, input: ConsignmentPayInput) {
  const amountMinor = readPayment(input);
  if (isRefusal(amountMinor)) return amountMinor;
  const { agreementId } = input;
  const { currencyCode } = input.amount;
  if (!isUuid(agreementId)) return notFound('ConsignmentAgreement', agreementId);
  return db.command(
    caller,
    { operation: 'consignmentPay', input },
    async (tx) => {
      const [agreement] = await agreementsByIds(tx, [agreementId]);
      if (!agreement) return notFound('ConsignmentAgreement', agreementId);
      // Behind this lock payments of one account come one after the other, and each sees what the one before left.
      const owedMinor = await lockOwed(tx, { agreementId, currencyCode });
      if (amountMinor > owedMinor)
        return paymentExceedsOwed({ owedMinor, amountMinor, currencyCode });
      const made = { reference: input.reference.trim(), recordedBy: caller.subject };
      const to = { agreementId, currencyCode, amountMinor };
      return { entryId: await postPayment(tx, { ...to, ...made }) };
    },
    async (tx, { entryId }) => ({
      __typename: 'ConsignmentPaySuccess' as const,
      entry: await entryById(tx, entryId),
    }),
  );
}
