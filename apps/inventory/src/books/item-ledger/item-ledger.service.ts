import type { Database, Tx } from '@onecount/db';
import { minorMoneyOf } from '@onecount/money';
import {
  invalidInput,
  isRefusal,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import type { Caller } from '../../kernel/caller.ts';
import { idOf } from '../../kernel/input.ts';
import { lockItemsBySku } from '../../documents/receipt/receipt.sql.ts';
import { selectUnitByName, selectUnits } from '../../kernel/serial-unit/serial-unit.sql.ts';
import { stockItemNotTracked, unitNotFound, type Piece } from '../../kernel/stock.errors.ts';
import { notCorrectable, readingNotMonotonic, type NotCorrectable } from './item-ledger.errors.ts';
import {
  checkCorrect,
  checkMaintenanceAdd,
  checkMoneyAdd,
  checkUsageAdd,
  type ItemLedgerEntryCorrectInput,
  type ItemMoneyAddInput,
  type MaintenanceAddInput,
  type TargetInput,
  type UsageReadingAddInput,
} from './item-ledger.input.ts';
import type { EntryRow } from './item-ledger.ts';
import {
  insertCorrection,
  insertEntries,
  lockUsage,
  selectEntries,
  selectInTheWay,
  type NewEntry,
} from './item-ledger.sql.ts';

/** Ids only: the answer is stored under its key and must survive JSON. */
export type Written = { entryId: string };
export type ItemLedgerService = ReturnType<typeof createItemLedgerService>;

type Target = Piece & { stockItemId: string; serialUnitId: string | null };

const constraints = {
  item_ledger_not_ahead: () => invalidInput('occurredAt', 'It lies in the future.'),
};

/** What people write of an item's money, usage and maintenance. Nothing here changes a count. */
export function createItemLedgerService({ db }: { db: Database }) {
  async function addMoney(caller: Caller, kind: 'INCOME' | 'EXPENSE', input: ItemMoneyAddInput) {
    const problem = checkMoneyAdd(input);
    if (problem) return problem;
    const operation = kind === 'INCOME' ? 'itemIncomeAdd' : 'itemExpenseAdd';
    return db.command(caller, { operation, input, constraints }, async (tx) => {
      const target = await targetOf(tx, input);
      if (isRefusal(target)) return target;
      if (target.serialUnitId && input.quantity)
        return invalidInput('quantity', 'A unit is one.', input.quantity);
      return insertOne(tx, {
        ...entryOf(target, caller, input),
        kind,
        ...minorMoneyOf(input.amount),
        category: input.category.trim(),
        quantity: input.quantity ?? null,
      });
    });
  }

  return {
    addIncome: (caller: Caller, input: ItemMoneyAddInput) => addMoney(caller, 'INCOME', input),
    addExpense: (caller: Caller, input: ItemMoneyAddInput) => addMoney(caller, 'EXPENSE', input),

    async addMaintenance(caller: Caller, input: MaintenanceAddInput) {
      const problem = checkMaintenanceAdd(input);
      if (problem) return problem;
      return db.command(caller, { operation: 'maintenanceAdd', input, constraints }, async (tx) => {
        const target = await targetOf(tx, input);
        if (isRefusal(target)) return target;
        return insertOne(tx, { ...entryOf(target, caller, input), ...maintenanceOf(input) });
      });
    },

    async addUsage(caller: Caller, input: UsageReadingAddInput) {
      const problem = checkUsageAdd(input);
      if (problem) return problem;
      return db.command(
        caller,
        { operation: 'usageReadingAdd', input, constraints },
        async (tx) => {
          const target = await targetOf(tx, input);
          if (isRefusal(target)) return target;
          const entry = { ...entryOf(target, caller, input), ...usageOf(input) };
          await lockUsage(tx, target);
          const inTheWay = await selectInTheWay(tx, entry);
          if (inTheWay.previous || inTheWay.next)
            return readingNotMonotonic(target, input.reading, inTheWay);
          return insertOne(tx, entry);
        },
      );
    },

    async correct(caller: Caller, input: ItemLedgerEntryCorrectInput) {
      const problem = checkCorrect(input);
      if (problem) return problem;
      const entryId = idOf(input.itemLedgerEntryId);
      const once = {
        ...constraints,
        item_ledger_corrected_once: () => notCorrectable('CORRECTED_ALREADY', entryId),
      };
      const command = { operation: 'itemLedgerEntryCorrect', input, constraints: once };
      return db.command(caller, command, (tx) => correctEntry(tx, caller, input));
    },
  };
}

async function correctEntry(
  tx: Tx,
  caller: Caller,
  { itemLedgerEntryId, reason, note }: ItemLedgerEntryCorrectInput,
) {
  const [entry] = await selectEntries(tx, [idOf(itemLedgerEntryId)]);
  if (!entry) return notFound('ItemLedgerEntry', itemLedgerEntryId);
  const problem = correctionProblem(entry);
  if (problem) return notCorrectable(problem, entry.id);
  // A reading that is taken back while another is written must not be that one's measure.
  if (entry.kind === 'USAGE') await lockUsage(tx, entry);
  const of = { entryId: entry.id, reason: reason.trim(), note: note ?? null };
  return written(await insertCorrection(tx, { ...of, actor: caller.subject }));
}

// Without the reading that set a counter right, those after it would contradict those before it.
function correctionProblem(entry: EntryRow): NotCorrectable | undefined {
  if (entry.correctsId) return 'IS_CORRECTION';
  if (entry.correctedById) return 'CORRECTED_ALREADY';
  return entry.isCorrection ? 'SETS_COUNTER' : undefined;
}

async function targetOf(
  tx: Tx,
  input: TargetInput,
): Promise<Target | InvalidInput | NotFound | ReturnType<typeof stockItemNotTracked>> {
  const { sku, serial, serialUnitId } = input;
  const [item] = await lockItemsBySku(tx, [sku]);
  if (!item) return notFound('StockItem', sku);
  if (item.tracking === 'NONE') return stockItemNotTracked(item);
  const piece = { sku, title: item.title, stockItemId: item.id };
  const isNamed = Boolean(serial ?? serialUnitId);
  if (item.tracking === 'QUANTITY')
    return isNamed
      ? invalidInput('serial', `${item.title} (${sku}) is kept in aggregate.`, serial)
      : { ...piece, serialUnitId: null };
  if (!isNamed) return invalidInput('serial', `${item.title} (${sku}) needs one of its units.`);
  const unit = serial
    ? await selectUnitByName(tx, { sku, serial })
    : (await selectUnits(tx, [idOf(serialUnitId!)]))[0];
  if (!unit || unit.stockItemId !== item.id) return unitNotFound(input);
  return {
    ...piece,
    serialUnitId: unit.id,
    serial: unit.serial,
    stockNumber: unit.stockNumber,
  };
}

function entryOf(
  { stockItemId, serialUnitId }: Target,
  { subject }: Caller,
  input: Pick<ItemMoneyAddInput, 'note' | 'referenceKind' | 'referenceId' | 'occurredAt'>,
) {
  const { note = null, referenceKind = null, referenceId = null } = input;
  const occurredAt = instantOf(input.occurredAt);
  return {
    stockItemId,
    serialUnitId,
    note,
    referenceKind,
    referenceId,
    actor: subject,
    occurredAt,
  };
}

function maintenanceOf(input: MaintenanceAddInput) {
  const { cost, nextDueReading } = input;
  return {
    kind: 'MAINTENANCE' as const,
    what: input.what.trim(),
    provider: input.provider ?? null,
    ...(cost ? minorMoneyOf(cost) : {}),
    nextDueAt: instantOf(input.nextDueAt),
    nextDueKind: nextDueReading?.kind ?? null,
    nextDueMeasure: nextDueReading?.measure ?? null,
    nextDueReading: nextDueReading?.reading ?? null,
  };
}

function usageOf(input: UsageReadingAddInput) {
  return {
    kind: 'USAGE' as const,
    usageKind: input.kind,
    usageMeasure: input.measure,
    reading: input.reading,
    isCorrection: input.isCorrection ?? false,
    reason: input.reason?.trim() || null,
  };
}

async function insertOne(tx: Tx, entry: NewEntry) {
  const [entryId] = await insertEntries(tx, [entry]);
  return written(entryId!);
}

const written = (entryId: string) => ({
  __typename: 'ItemLedgerEntrySuccess' as const,
  entryId,
});

function instantOf(instant: string | Date | null | undefined): string | null {
  return instant ? new Date(instant).toISOString() : null;
}
