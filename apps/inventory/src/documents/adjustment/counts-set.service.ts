import type { Database, Tx } from '@onecount/db';
import { badInput } from '@onecount/graphql';
import { wakeRelays } from '@onecount/messaging';
import {
  checkId,
  checkKey,
  checkWhole,
  firstOf,
  foldedIdentifier,
  invalidInput,
  type InvalidInput,
} from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import type { Caller } from '../../kernel/caller.ts';
import { lockLevels } from '../../kernel/level/level.sql.ts';
import { recordMovements } from '../../kernel/movement/movement.sql.ts';
import { lockItemsBySku } from '../receipt/receipt.sql.ts';
import { countedLevels, placesNamed } from './counts-set.sql.ts';
import { countStep, type CountLine, type CountOutcome, type CountStep } from './counts-set.ts';

export type StockCountsSetInput = {
  idempotencyKey: string;
  productImportId: string;
  isOverwriting: boolean;
  lines: CountLine[];
};
export type CountsSetService = ReturnType<typeof createCountsSetService>;

type Place = { stockItemId: string; locationId: string };
type CountedLine = Pick<CountStep, 'outcome' | 'before'>;
type Placed = { line: CountLine } & (Place | { outcome: CountOutcome });

const linesMax = 5_000;
const onHandMax = 1_000_000;

/** What a preview has found out; the throw takes back the levels that it made. */
class PreviewError extends Error {
  override readonly name = 'PreviewError';
  readonly lines: CountedLine[];
  constructor(lines: CountedLine[]) {
    super('a preview changes nothing');
    this.lines = lines;
  }
}

/** Counts of an import: what may not be set is answered line by line, and the others are set. */
export function createCountsSetService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;
  return {
    async set(caller: Caller, input: StockCountsSetInput) {
      const problem = firstOf(
        checkKey(input.idempotencyKey),
        checkId('productImportId', input.productImportId),
        checkLines(input.lines),
      );
      if (problem) return problem;
      const command = {
        operation: 'stockCountsSet',
        input,
        constraints: {},
        afterCommit: [wakeRelays, onChange],
      };
      return db.command(caller, command, (tx) => setCounts(tx, caller, input));
    },

    /** What `set` would answer. Throws bad input. */
    async preview(caller: Caller, asked: Asked): Promise<CountedLine[]> {
      const problem = checkLines(asked.lines);
      if (problem) throw badInput(problem.message, { field: problem.field, value: problem.value });
      try {
        return await db.inTransaction(caller.tenantId, async (tx) => {
          throw new PreviewError(countedLines(await countSteps(tx, asked)));
        });
      } catch (err) {
        if (err instanceof PreviewError) return err.lines;
        throw err;
      }
    },
  };
}

type Asked = Pick<StockCountsSetInput, 'isOverwriting' | 'lines'>;

function checkLines(lines: readonly CountLine[]): InvalidInput | undefined {
  return firstOf(
    lines.length === 0 || lines.length > linesMax
      ? invalidInput('lines', `A file has 1 to ${linesMax} lines at once.`, lines.length)
      : undefined,
    ...lines.map(({ onHand }, index) =>
      checkWhole(`lines.${index}.onHand`, onHand, { min: 0, max: onHandMax }),
    ),
  );
}

const countedLines = (steps: readonly CountStep[]): CountedLine[] =>
  steps.map(({ outcome, before }) => ({ outcome, before }));

async function setCounts(tx: Tx, caller: Caller, input: StockCountsSetInput) {
  const steps = await countSteps(tx, input);
  for (const reason of ['OPENING', 'COUNT_CORRECTION'] as const) {
    await record(
      tx,
      steps.filter((step) => step.reason === reason && step.change !== 0),
      {
        ...{ reason, actor: caller.subject, importId: input.productImportId },
      },
    );
  }
  return { __typename: 'StockCountsSetSuccess' as const, lines: countedLines(steps) };
}

/** What each line means, behind the locks of all levels that they name. */
async function countSteps(tx: Tx, input: Asked): Promise<(CountStep & Partial<Place>)[]> {
  const placed = await placedLines(tx, input.lines);
  const places = placed.filter((each): each is { line: CountLine } & Place => 'locationId' in each);
  const locked = await lockLevels(tx, places);
  const levels = await countedLevels(tx, places);
  const keyOf = ({ stockItemId, locationId }: Place) => `${stockItemId} ${locationId}`;
  const available = new Map(locked.map((level) => [keyOf(level), level.available]));
  const levelOf = new Map(levels.map((level) => [keyOf(level), level]));
  return placed.map((each): CountStep & Partial<Place> => {
    if ('outcome' in each)
      return { outcome: each.outcome, before: 0, change: 0, reason: 'OPENING' };
    const level = levelOf.get(keyOf(each))!;
    const { isOverwriting } = input;
    const at = { ...level, available: available.get(keyOf(each))! };
    const step = countStep(at, { onHand: each.line.onHand, isOverwriting });
    // A second line about the same place finds what the first one leaves.
    level.onHand += step.change;
    level.isCounted ||= step.change !== 0;
    available.set(keyOf(each), at.available + step.change);
    return { ...step, stockItemId: each.stockItemId, locationId: each.locationId };
  });
}

async function record(
  tx: Tx,
  steps: readonly (CountStep & Partial<Place>)[],
  document: { reason: CountStep['reason']; actor: string; importId: string },
): Promise<void> {
  if (steps.length === 0) return;
  const movements = steps.map(({ stockItemId, locationId, change }) => ({
    ...{ stockItemId: stockItemId!, locationId: locationId!, quantity: change },
    ...{ serialUnitId: null, unitCostMinor: null, unitCostCurrency: null },
  }));
  const { reason, actor, importId: referenceId } = document;
  await recordMovements(tx, movements, {
    ...{ reason, actor, referenceKind: 'IMPORT', referenceId, note: 'Count of an imported file' },
    traceparent: currentTraceparent(),
  });
}

async function placedLines(tx: Tx, lines: readonly CountLine[]): Promise<Placed[]> {
  const items = await lockItemsBySku(tx, [...new Set(lines.map(({ sku }) => sku))]);
  const itemBySku = new Map(items.map((item) => [foldedIdentifier(item.sku), item]));
  const found = await placesNamed(tx, [...new Set(lines.map(({ place }) => place))]);
  return lines.map((line): Placed => {
    const item = itemBySku.get(foldedIdentifier(line.sku));
    if (item === undefined) return { line, outcome: 'UNKNOWN_SKU' };
    if (item.tracking !== 'QUANTITY') return { line, outcome: 'NOT_BY_QUANTITY' };
    const text = line.place.trim();
    const place =
      found.find(({ code }) => code === text.toUpperCase()) ??
      found.find(({ name }) => name === text.toLowerCase());
    if (place === undefined) return { line, outcome: 'UNKNOWN_LOCATION' };
    return { line, stockItemId: item.id, locationId: place.id };
  });
}
