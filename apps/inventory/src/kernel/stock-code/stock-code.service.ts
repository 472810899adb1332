import type { Database, Tx } from '@onecount/db';
import {
  checkId,
  checkIdentifier,
  checkKey,
  checkText,
  firstOf,
  identifierOf,
  invalidInput,
  isRefusal,
  isStorable,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type { Caller } from '../caller.ts';
import { idOf } from '../input.ts';
import { unitCollapsed } from '../serial-unit/serial-unit.errors.ts';
import { isCollapsed } from '../serial-unit/serial-unit.sql.ts';
import { selectItemName } from '../stock-item/stock-item.sql.ts';
import { stockCodeFollowsCatalog, stockCodeTaken } from './stock-code.errors.ts';
import {
  insertCode,
  lockCode,
  moveCodes,
  resolveCodes,
  retireCodes,
  selectCodes,
  shareTarget,
} from './stock-code.sql.ts';
import type { CodeTarget, ScanRow, StockCodeKind, StockCodeRow } from './stock-code.ts';

type TargetInput = { stockItemId?: string | null; serialUnitId?: string | null };
type CodeInput = { code: string; note?: string | null; idempotencyKey: string };
export type StockCodeAssignInput = CodeInput & TargetInput & { kind?: StockCodeKind };
export type StockCodeMoveInput = CodeInput & TargetInput;
export type StockCodeRetireInput = CodeInput;
/** The code alone: the answer is stored under its key and must survive JSON. */
export type Coded = { code: string };
type Assigned = Coded & { __typename: 'StockCodeAssignSuccess' };
type AssignRefusal = InvalidInput | NotFound | ReturnType<typeof stockCodeTaken>;
export type StockCodeService = ReturnType<typeof createStockCodeService>;

export function createStockCodeService({ db }: { db: Database }) {
  const change = <Input extends CodeInput, T>(
    caller: Caller,
    operation: string,
    input: Input,
    run: (tx: Tx, input: Input, caller: Caller) => Promise<T>,
  ) => {
    const trimmed = { ...input, code: identifierOf(input.code) };
    return db.command(caller, { operation, input }, (tx) => run(tx, trimmed, caller));
  };

  return {
    /** The one thing that a text names; null when there is none, or more than one. */
    async scan(caller: Caller, text: string): Promise<ScanRow | null> {
      if (text.length > 255 || !isStorable(text)) return null;
      const targets = await db.read(caller.tenantId, (tx) => resolveCodes(tx, [text]));
      const target = targets.get(text);
      return target ? { text: identifierOf(text), ...target } : null;
    },

    async find(caller: Caller, text: string): Promise<StockCodeRow | null> {
      if (!isStorable(text)) return null;
      const [row] = await db.read(caller.tenantId, (tx) => selectCodes(tx, [text]));
      return row ?? null;
    },

    async assign(caller: Caller, input: StockCodeAssignInput) {
      const problem = firstOf(checkCode(input), checkTarget(input), checkKind(input));
      return problem ?? change(caller, 'stockCodeAssign', input, assign);
    },

    async move(caller: Caller, input: StockCodeMoveInput) {
      const problem = firstOf(checkCode(input), checkTarget(input));
      return problem ?? change(caller, 'stockCodeMove', input, move);
    },

    async retire(caller: Caller, input: StockCodeRetireInput) {
      return checkCode(input) ?? change(caller, 'stockCodeRetire', input, retire);
    },
  };
}

async function assign(
  tx: Tx,
  input: StockCodeAssignInput,
  caller: Caller,
): Promise<Assigned | AssignRefusal> {
  const target = await targetOf(tx, input);
  if (isRefusal(target)) return target;
  const { code, kind = 'TAG' } = input;
  // A code comes first when it is read: given to one piece, the stock number of another would name the wrong one.
  const other = (await resolveCodes(tx, [code])).get(code);
  if (other && !isSame(other, target)) return taken(tx, code, other);
  const document = { actor: caller.subject, note: input.note ?? null };
  if (await insertCode(tx, { code, kind, ...target, ...document }))
    return { __typename: 'StockCodeAssignSuccess', code };
  // Somebody was faster, or it names this very thing already; retired in between, it is free again.
  const live = await lockCode(tx, code);
  return live
    ? taken(tx, code, { stockItemId: live.stockItemId!, serialUnitId: live.serialUnitId })
    : assign(tx, input, caller);
}

async function move(tx: Tx, input: StockCodeMoveInput, caller: Caller) {
  const target = await targetOf(tx, input);
  if (isRefusal(target)) return target;
  const live = await ownCode(tx, input.code);
  if (isRefusal(live)) return live;
  const document = { actor: caller.subject, note: input.note ?? null };
  await moveCodes(tx, [live.code], { ...target, ...document });
  return { __typename: 'StockCodeMoveSuccess' as const, code: live.code };
}

async function retire(tx: Tx, input: StockCodeRetireInput, caller: Caller) {
  const live = await ownCode(tx, input.code);
  if (isRefusal(live)) return live;
  await retireCodes(tx, [live.code], { actor: caller.subject, note: input.note ?? null });
  return { __typename: 'StockCodeRetireSuccess' as const, code: live.code };
}

// A live code that is changed here, locked.
async function ownCode(tx: Tx, code: string) {
  const live = await lockCode(tx, code);
  if (!live) return notFound('StockCode', code);
  return live.kind === 'BARCODE' ? stockCodeFollowsCatalog(code) : live;
}

async function targetOf(tx: Tx, input: TargetInput) {
  const { stockItemId, serialUnitId } = input;
  const asked = serialUnitId
    ? { serialUnitId: idOf(serialUnitId) }
    : { stockItemId: idOf(stockItemId!) };
  const target = await shareTarget(tx, asked);
  if (target?.serialUnitId && (await isCollapsed(tx, target.serialUnitId)))
    return unitCollapsed(await selectItemName(tx, target.stockItemId));
  if (target) return target;
  return serialUnitId ? notFound('SerialUnit', serialUnitId) : notFound('StockItem', stockItemId!);
}

async function taken(tx: Tx, code: string, by: CodeTarget) {
  const { sku } = await selectItemName(tx, by.stockItemId);
  return stockCodeTaken(code, { ...by, sku });
}

const isSame = (one: CodeTarget, other: CodeTarget): boolean =>
  one.stockItemId === other.stockItemId && one.serialUnitId === other.serialUnitId;

function checkCode(input: CodeInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkIdentifier('code', input.code),
    checkText('note', input.note, { max: 1_000 }),
  );
}

function checkTarget({ stockItemId, serialUnitId }: TargetInput): InvalidInput | undefined {
  return firstOf(
    checkId('stockItemId', stockItemId),
    checkId('serialUnitId', serialUnitId),
    Boolean(stockItemId) === Boolean(serialUnitId)
      ? invalidInput('stockItemId', 'Give exactly one of stockItemId and serialUnitId.')
      : undefined,
  );
}

function checkKind({ kind }: StockCodeAssignInput): InvalidInput | undefined {
  return kind === 'BARCODE'
    ? invalidInput('kind', 'A BARCODE follows the catalog’s variant; give a TAG or LEGACY.', kind)
    : undefined;
}
