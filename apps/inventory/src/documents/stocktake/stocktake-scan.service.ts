import { inputHash, type Database, type Tx } from '@onecount/db';
import {
  checkId,
  checkKey,
  checkText,
  codeKey,
  firstOf,
  invalidInput,
  isRefusal,
  notFound,
  type InvalidInput,
} from '@onecount/refusal';
import type { Caller } from '../../kernel/caller.ts';
import { idOf } from '../../kernel/input.ts';
import { resolveCodes } from '../../kernel/stock-code/stock-code.sql.ts';
import {
  databaseNow,
  insertBatch,
  insertScans,
  selectBatch,
  selectInScope,
  selectKnown,
  type BatchAnswer,
  type PlacedScan,
} from './stocktake-scan.sql.ts';
import { stocktakeNotOpen } from './stocktake.errors.ts';
import { lockStocktake, reopenStocktake } from './stocktake.sql.ts';
import {
  scansOf,
  sortByTime,
  type BatchInput,
  type RefusedScan,
  type Scan,
  type StocktakeRow,
} from './stocktake.ts';

export type StocktakeScanInput = BatchInput & {
  stocktakeId: string;
  device: string;
  batchKey: string;
  idempotencyKey: string;
};
export type Scanned = BatchAnswer & { stocktakeId: string };
export type StocktakeScanService = ReturnType<typeof createStocktakeScanService>;

const listedMax = 1_000;

/** Takes what devices scanned, in whatever order and however late it comes, each batch once. */
export function createStocktakeScanService({ db }: { db: Database }) {
  return {
    async scan(caller: Caller, input: StocktakeScanInput) {
      const problem = checkScan(input);
      if (problem) return problem;
      const scans = scansOf(input);
      if (isRefusal(scans)) return scans;
      const once = (mode: LockMode) =>
        // A device sends a late batch again when the count is open again.
        db.command(
          caller,
          { operation: 'stocktakeScan', input, passing: ['StocktakeNotOpen'] },
          (tx) => scanIn(tx, { caller, input, scans, mode }),
        );
      const answer = await once('SHARE');
      return answer === underReview ? once('CHANGE') : answer;
    },
  };
}

type LockMode = Parameters<typeof lockStocktake>[2];
type Asked = { caller: Caller; input: StocktakeScanInput; scans: Scan[]; mode: LockMode };

// A scan opens a reviewed count again. Devices that share its lock would each wait for the others to let it go,
// so whoever finds it reviewed begins anew, alone with it.
const underReview = stocktakeNotOpen('REVIEW');

async function scanIn(tx: Tx, asked: Asked) {
  const { input, scans, mode } = asked;
  const stocktakeId = idOf(input.stocktakeId);
  const stocktake = await lockStocktake(tx, stocktakeId, mode);
  if (!stocktake) return notFound('Stocktake', input.stocktakeId);
  if (stocktake.status === 'REVIEW' && mode === 'SHARE') return underReview;
  // Before the status: a device that asks again after the posting gets the answer it got.
  const twin = await twinOf(tx, { stocktakeId, input, scans });
  if (twin) return twin;
  if (stocktake.status === 'POSTED' || stocktake.status === 'CANCELLED')
    return stocktakeNotOpen(stocktake.status);
  const { taken, refused } = sortByTime(scans, {
    from: stocktake.createdAt,
    now: await databaseNow(tx),
  });
  const placed = await placeScans(tx, stocktakeId, taken);
  const answer = await answerOf(tx, { stocktakeId, placed, refused });
  const batchId = await insertBatch(tx, {
    ...batchOf(stocktakeId, asked.input),
    contentHash: inputHash(scans),
    countedBy: asked.caller.subject,
    answer,
  });
  if (!batchId) return (await twinOf(tx, { stocktakeId, input, scans }))!;
  await insertScans(tx, { stocktakeId, batchId }, placed);
  await reopenReviewed(tx, stocktake, placed.length);
  return { __typename: 'StocktakeScanSuccess' as const, stocktakeId, ...answer };
}

const batchOf = (stocktakeId: string, input: StocktakeScanInput) => ({
  stocktakeId,
  device: input.device,
  batchKey: input.batchKey,
});

// The same batch under another idempotency key; another batch under its key is a mistake of the device.
async function twinOf(
  tx: Tx,
  of: { stocktakeId: string; input: StocktakeScanInput; scans: Scan[] },
) {
  const twin = await selectBatch(tx, batchOf(of.stocktakeId, of.input));
  if (!twin) return undefined;
  if (twin.contentHash !== inputHash(of.scans))
    return invalidInput(
      'batchKey',
      'This device used the key for other scans before.',
      of.input.batchKey,
    );
  return {
    __typename: 'StocktakeScanSuccess' as const,
    stocktakeId: of.stocktakeId,
    ...twin.answer,
  };
}

async function placeScans(tx: Tx, stocktakeId: string, scans: Scan[]): Promise<PlacedScan[]> {
  const targets = await resolveCodes(tx, [...new Set(scans.map(({ code }) => code))]);
  const items = new Set([...targets.values()].map(({ stockItemId }) => stockItemId));
  const inScope = await selectInScope(tx, stocktakeId, [...items]);
  return scans.map((scan) => {
    const target = targets.get(scan.code) ?? null;
    if (!target) return { ...scan, target, outcome: 'UNKNOWN' };
    const isCounted = inScope.has(target.stockItemId);
    return { ...scan, target, outcome: isCounted ? 'COUNTED' : 'OUT_OF_SCOPE' };
  });
}

async function answerOf(
  tx: Tx,
  batch: { stocktakeId: string; placed: PlacedScan[]; refused: RefusedScan[] },
): Promise<BatchAnswer> {
  const { stocktakeId, placed, refused } = batch;
  const codesOf = (outcome: PlacedScan['outcome']) =>
    placed.filter((scan) => scan.outcome === outcome).map(({ code }) => code);
  const listed = (codes: string[]) => [...new Set(codes)].slice(0, listedMax);
  const unknown = codesOf('UNKNOWN');
  const outOfScope = codesOf('OUT_OF_SCOPE');
  const duplicate = await duplicatesOf(tx, stocktakeId, placed);
  return {
    accepted: placed.length - unknown.length - outOfScope.length,
    unknown: unknown.length,
    unknownCodes: listed(unknown),
    duplicate: duplicate.length,
    duplicateCodes: listed(duplicate),
    outOfScope: outOfScope.length,
    outOfScopeCodes: listed(outOfScope),
    refused: refused.length,
    refusedScans: refused.slice(0, listedMax),
  };
}

// What names one piece and was heard before. Two batches under way at once do not see each other here; the
// review sees both.
async function duplicatesOf(tx: Tx, stocktakeId: string, placed: PlacedScan[]): Promise<string[]> {
  const pieces = placed.filter(
    ({ outcome, kind, target }) =>
      outcome === 'COUNTED' && (target?.serialUnitId || kind === 'TAG'),
  );
  const seen = await selectKnown(tx, {
    stocktakeId,
    itemIds: [...new Set(pieces.map(({ target }) => target!.stockItemId))],
    unitIds: pieces.flatMap(({ target }) => target!.serialUnitId ?? []),
    tags: pieces.filter(({ target }) => !target!.serialUnitId).map(({ code }) => code),
  });
  return pieces
    .filter(({ code, target }) => {
      const name = target!.serialUnitId ?? `tag ${codeKey(code)}`;
      if (seen.has(name)) return true;
      seen.add(name);
      return false;
    })
    .map(({ code }) => code);
}

async function reopenReviewed(tx: Tx, stocktake: StocktakeRow, taken: number): Promise<void> {
  if (stocktake.status === 'REVIEW' && taken > 0) await reopenStocktake(tx, stocktake.id);
}

function checkScan(input: StocktakeScanInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkId('stocktakeId', input.stocktakeId),
    checkText('device', input.device, { min: 1, max: 255 }),
    checkText('batchKey', input.batchKey, { min: 1, max: 255 }),
  );
}
