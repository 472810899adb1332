import type { Database, Tx } from '@onecount/db';
import { wakeRelays } from '@onecount/messaging';
import {
  checkId,
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  invalidInput,
  isRefusal,
  notFound,
  type InvalidInput,
  type Refusal,
} from '@onecount/refusal';
import type { Caller } from '../../kernel/caller.ts';
import { idOf, quantityMax } from '../../kernel/input.ts';
import { lockLevels } from '../../kernel/level/level.sql.ts';
import {
  checkLocation,
  namedLocation,
  type NamedLocation,
} from '../../kernel/location/named-location.steps.ts';
import {
  cancelTransfer,
  closeTransfer,
  type RestInput,
  type TransferCloseInput,
} from './transfer-end.steps.ts';
import {
  dispatchTransfer,
  receiveTransfer,
  type TransferReceiveInput,
} from './transfer-travel.steps.ts';
import { pack } from './transfer-pack.steps.ts';
import { deleteLine, letGo } from './transfer-pack.sql.ts';
import {
  checkCodes,
  checkLines,
  pickCodes,
  pickLines,
  type TransferLineInput,
} from './transfer-pick.steps.ts';
import { transferNotInStatus } from './transfer.errors.ts';
import {
  insertTransfer,
  lockItems,
  lockTransfer,
  selectLines,
  selectTransferPage,
  selectTransfers,
  type TransferFilter,
} from './transfer.sql.ts';
import type { TransferRow, TransferStatus } from './transfer.ts';

type NamedEnds = {
  fromLocationId?: string | null;
  fromLocationCode?: string | null;
  toLocationId?: string | null;
  toLocationCode?: string | null;
};
export type TransferCreateInput = NamedEnds & {
  lines?: readonly TransferLineInput[] | null;
  note?: string | null;
  idempotencyKey: string;
};
type OfTransfer = { transferId: string; idempotencyKey: string };
export type TransferLineAddInput = OfTransfer & { lines: readonly TransferLineInput[] };
export type TransferScanInput = OfTransfer & { codes: readonly string[] };
export type TransferLineRemoveInput = OfTransfer & { transferLineId: string };
export type TransferCancelInput = OfTransfer & { note?: string | null };
/** The transfer as it then is, is read by whoever answers. */
export type TransferChanged = { transferId: string };
export type TransferService = ReturnType<typeof createTransferService>;

type Change<Name, R> = {
  operation: string;
  /** The union's member when it is done. */
  done: Name;
  allowed: readonly TransferStatus[];
  run: (tx: Tx, transfer: TransferRow) => Promise<R | undefined>;
};

const draft = ['DRAFT'] as const;
const onItsWay = ['DISPATCHED', 'PARTIALLY_RECEIVED'] as const;

/** Goods from one location to another; every use case locks the transfer's row first. */
export function createTransferService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;
  const afterCommit = [wakeRelays, onChange];

  function change<const Name extends string, R extends Refusal>(
    caller: Caller,
    input: OfTransfer,
    { operation, done, allowed, run }: Change<Name, R>,
  ) {
    const command = { operation, input, constraints, afterCommit };
    return db.command(caller, command, async (tx) => {
      const transfer = await lockTransfer(tx, idOf(input.transferId));
      if (!transfer) return notFound('Transfer', input.transferId);
      if (!allowed.includes(transfer.status)) return transferNotInStatus(transfer.status, allowed);
      return (await run(tx, transfer)) ?? { __typename: done, transferId: transfer.id };
    });
  }

  return {
    async create(caller: Caller, input: TransferCreateInput) {
      const problem = checkCreate(input);
      if (problem) return problem;
      const command = { operation: 'transferCreate', input, constraints, afterCommit };
      return db.command(caller, command, (tx) => createDraft(tx, caller, input));
    },

    async lineAdd(caller: Caller, input: TransferLineAddInput) {
      const problem = firstOf(checkOf(input), checkLines(input.lines, 1));
      if (problem) return problem;
      return change(caller, input, {
        operation: 'transferLineAdd',
        done: 'TransferLineAddSuccess',
        allowed: draft,
        run: async (tx, transfer) =>
          pack(tx, transfer, await pickLines(tx, input.lines), caller.subject),
      });
    },

    async scan(caller: Caller, input: TransferScanInput) {
      const problem = firstOf(checkOf(input), checkCodes(input.codes, 1));
      if (problem) return problem;
      return change(caller, input, {
        operation: 'transferScan',
        done: 'TransferScanSuccess',
        allowed: draft,
        run: async (tx, transfer) =>
          pack(tx, transfer, await pickCodes(tx, input.codes), caller.subject),
      });
    },

    async lineRemove(caller: Caller, input: TransferLineRemoveInput) {
      const problem = firstOf(checkOf(input), checkId('transferLineId', input.transferLineId));
      if (problem) return problem;
      return change(caller, input, {
        operation: 'transferLineRemove',
        done: 'TransferLineRemoveSuccess',
        allowed: draft,
        run: (tx, transfer) => removeLine(tx, transfer, idOf(input.transferLineId)),
      });
    },

    async dispatch(caller: Caller, input: OfTransfer) {
      const problem = checkOf(input);
      if (problem) return problem;
      return change(caller, input, {
        operation: 'transferDispatch',
        done: 'TransferDispatchSuccess',
        allowed: draft,
        run: (tx, transfer) => dispatchTransfer(tx, transfer, caller.subject),
      });
    },

    async receive(caller: Caller, input: TransferReceiveInput) {
      const { lines, codes, isComplete } = input;
      const problem = firstOf(
        checkOf(input),
        checkLines(lines ?? [], 0),
        checkCodes(codes ?? [], 0),
        Boolean(isComplete) === Boolean(lines?.length || codes?.length)
          ? invalidInput('isComplete', 'Give isComplete: true, or lines or codes of what arrived.')
          : undefined,
      );
      if (problem) return problem;
      return change(caller, input, {
        operation: 'transferReceive',
        done: 'TransferReceiveSuccess',
        allowed: onItsWay,
        run: (tx, transfer) => receiveTransfer(tx, transfer, { input, actor: caller.subject }),
      });
    },

    async close(caller: Caller, input: TransferCloseInput) {
      const problem = firstOf(checkOf(input), checkDifferences(input));
      if (problem) return problem;
      return change(caller, input, {
        operation: 'transferClose',
        done: 'TransferCloseSuccess',
        allowed: onItsWay,
        run: (tx, transfer) => closeTransfer(tx, transfer, { input, actor: caller.subject }),
      });
    },

    async cancel(caller: Caller, input: TransferCancelInput) {
      const problem = firstOf(checkOf(input), checkText('note', input.note, { max: 1_000 }));
      if (problem) return problem;
      return change(caller, input, {
        operation: 'transferCancel',
        done: 'TransferCancelSuccess',
        allowed: [...draft, ...onItsWay],
        run: (tx, transfer) =>
          cancelTransfer(tx, transfer, { note: input.note ?? null, actor: caller.subject }),
      });
    },

    async find(caller: Caller, id: string): Promise<TransferRow | null> {
      const rows = await db.read(caller.tenantId, (tx) => selectTransfers(tx, [idOf(id)]));
      return rows[0] ?? null;
    },

    page: (
      caller: Caller,
      page: { before: string | undefined; limit: number; filter: TransferFilter },
    ) => db.read(caller.tenantId, (tx) => selectTransferPage(tx, page)),
  };
}

async function createDraft(tx: Tx, caller: Caller, input: TransferCreateInput) {
  const { from, to } = transferEnds(input);
  const source = await namedLocation(tx, from);
  if (isRefusal(source)) return source;
  const target = await namedLocation(tx, to);
  if (isRefusal(target)) return target;
  if (source.id === target.id) return sameEnd(target.code);
  const id = await insertTransfer(tx, {
    fromLocationId: source.id,
    toLocationId: target.id,
    note: input.note ?? null,
    actor: caller.subject,
  });
  const created = { __typename: 'TransferCreateSuccess' as const, transferId: id };
  if (!input.lines?.length) return created;
  const picked = await pickLines(tx, input.lines);
  const refusal = await pack(tx, { id, fromLocationId: source.id }, picked, caller.subject);
  return refusal ?? created;
}

async function removeLine(tx: Tx, transfer: TransferRow, lineId: string) {
  const line = (await selectLines(tx, transfer.id)).find(({ id }) => id === lineId);
  if (!line) return notFound('TransferLine', lineId);
  await lockItems(tx, [line.stockItemId]);
  await lockLevels(tx, [{ stockItemId: line.stockItemId, locationId: transfer.fromLocationId }]);
  await letGo(tx, transfer.id, line.id);
  await deleteLine(tx, transfer.id, line.id);
  return undefined;
}

const constraints = {
  level_on_hand_max: () => invalidInput('lines', 'A level cannot hold so many units.'),
  transfer_line_quantity: () =>
    invalidInput('lines', `A line of a transfer has at most ${quantityMax} units.`),
};

const checkOf = ({ idempotencyKey, transferId }: OfTransfer): InvalidInput | undefined =>
  firstOf(checkKey(idempotencyKey), checkId('transferId', transferId));

/** Each end as other inputs name a location. */
export function transferEnds(input: NamedEnds): Record<'from' | 'to', NamedLocation> {
  return {
    from: { locationId: input.fromLocationId, locationCode: input.fromLocationCode },
    to: { locationId: input.toLocationId, locationCode: input.toLocationCode },
  };
}

const sameEnd = (code: string): InvalidInput =>
  invalidInput('toLocationId', 'A transfer goes to another location.', code);

function checkCreate(input: TransferCreateInput): InvalidInput | undefined {
  const { from, to } = transferEnds(input);
  return firstOf(
    checkKey(input.idempotencyKey),
    checkLocation(from, { at: 'from' }),
    checkLocation(to, { at: 'to' }),
    checkLines(input.lines ?? [], 0),
    checkText('note', input.note, { max: 1_000 }),
  );
}

function checkDifferences({ differences, rest }: TransferCloseInput): InvalidInput | undefined {
  return firstOf(
    checkWhole('differences', differences.length, { min: rest ? 0 : 1, max: 1_000 }),
    ...differences.flatMap((difference, index) => [
      checkId(`differences.${index}.transferLineId`, difference.transferLineId),
      checkReason(`differences.${index}`, difference),
    ]),
    rest ? checkReason('rest', rest) : undefined,
  );
}

function checkReason(path: string, { reason, note }: RestInput): InvalidInput | undefined {
  return firstOf(
    checkText(`${path}.note`, note, { max: 1_000 }),
    (reason as string) === 'CANCELLED'
      ? invalidInput(`${path}.reason`, 'CANCELLED is what transferCancel writes.')
      : undefined,
    reason === 'OTHER' && !note?.trim()
      ? invalidInput(`${path}.note`, 'The reason OTHER needs a note that says what it was.')
      : undefined,
  );
}
