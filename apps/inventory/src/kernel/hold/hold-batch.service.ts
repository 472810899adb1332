import type { Database, Tx } from '@onecount/db';
import {
  checkKey,
  checkWhole,
  firstOf,
  foldedIdentifier,
  type InvalidInput,
} from '@onecount/refusal';
import { isPublicShop, type Caller } from '../caller.ts';
import { withLocationIds } from '../location/named-location.steps.ts';
import { shortageOf, stockItemNotTracked } from '../stock.errors.ts';
import { selectOnSale } from '../stock-item/stock-item.sql.ts';
import { holdBatchRefused, holdRefusal, type HoldBatchReason } from './hold.errors.ts';
import { checkLine, checkTerms, type HoldLineInput, type HoldTerms } from './hold.input.ts';
import { unkeyedRequest } from './hold.service.ts';
import { placeAllHolds } from './hold.sql.ts';
import type { HeldItem, HoldOutcome, HoldRequest } from './hold.ts';

export type HoldBatchCreateInput = HoldTerms & { lines: HoldLineInput[]; idempotencyKey: string };
/** In the order of the lines. Ids only: the answer is stored under its key. */
export type HeldBatch = { holdIds: string[] };
export type HoldBatchService = ReturnType<typeof createHoldBatchService>;

const linesMax = 200;

/** Lines of several SKUs under one reference, all or none. */
export function createHoldBatchService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;
  return {
    async create(caller: Caller, input: HoldBatchCreateInput) {
      const problem = checkBatch(caller, input);
      if (problem) return problem;
      // With the subject: a key of one caller never shows another's holds.
      const asked = { ...input, subject: caller.subject };
      const command = { operation: 'holdBatchCreate', input: asked, afterCommit: [onChange] };
      return db.command(caller, command, (tx) => placeLines(tx, caller, input));
    },
  };
}

async function placeLines(tx: Tx, caller: Caller, { lines, ...terms }: HoldBatchCreateInput) {
  const placed = await withLocationIds(tx, lines);
  const requests = placed.map((line) => ({
    ...unkeyedRequest(caller, { ...line, ...terms }),
    sku: line.sku,
  }));
  const hidden = isPublicShop(caller) ? await notOnSale(tx, lines) : new Set<string>();
  const answers = await placeAllHolds(tx, requests);
  const reasons = answers.flatMap((answer, index) => {
    const request = requests[index]!;
    const seen = hidden.has(foldedIdentifier(request.sku))
      ? { item: null, outcome: 'NO_SUCH_ITEM' as const }
      : answer;
    return reasonOf(seen, request, index) ?? [];
  });
  if (reasons.length > 0) return holdBatchRefused(reasons);
  const holdIds = answers.map((answer) => (answer as { holdId: string }).holdId);
  return { __typename: 'HoldBatchCreateSuccess' as const, holdIds };
}

/** Why a line cannot be kept; undefined when it is. */
export function reasonOf(
  { item, ...outcome }: HoldOutcome & { item: HeldItem | null },
  request: HoldRequest & { sku: string },
  index: number,
): HoldBatchReason | undefined {
  if (outcome.outcome === 'PLACED') return undefined;
  const { sku, quantity: requested } = request;
  const refusal =
    outcome.outcome === 'UNTRACKED'
      ? stockItemNotTracked({ sku, title: item?.title })
      : holdRefusal(outcome, { sku, item, request });
  const { code, message } = refusal;
  return { index, sku, code, message, requested, ...shortageOf(refusal) };
}

// What is not on sale answers a public shop as what does not exist.
async function notOnSale(tx: Tx, lines: readonly HoldLineInput[]): Promise<Set<string>> {
  const hidden = new Set(lines.map((line) => foldedIdentifier(line.sku)));
  const onSale = await selectOnSale(tx, { skus: [...hidden] });
  for (const { sku } of onSale) hidden.delete(foldedIdentifier(sku));
  return hidden;
}

function checkBatch(caller: Caller, input: HoldBatchCreateInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkWhole('lines', input.lines.length, { min: 1, max: linesMax }),
    ...input.lines.map((line, index) => checkLine(line, `lines.${index}.`)),
    checkTerms(caller, input),
  );
}
