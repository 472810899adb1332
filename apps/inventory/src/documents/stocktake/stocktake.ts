import { checkWhole, invalidInput, isStorable, type InvalidInput } from '@onecount/refusal';
import { quantityMax } from '../../kernel/input.ts';

export type StocktakeScope = 'LOCATION' | 'CATEGORY' | 'SKU_PREFIX';
export type StocktakeStatus = 'COUNTING' | 'REVIEW' | 'POSTED' | 'CANCELLED';
export type StocktakeFinding =
  | 'MATCHES'
  | 'SURPLUS'
  | 'SHORTAGE'
  | 'NOT_COUNTED'
  | 'UNIT_MISSING'
  | 'UNIT_FOUND_AGAIN'
  | 'UNIT_UNEXPECTED';

export type StocktakeRow = {
  id: string;
  locationId: string;
  scope: StocktakeScope;
  scopeValue: string | null;
  isBlind: boolean;
  note: string | null;
  status: StocktakeStatus;
  createdBy: string;
  createdAt: Date;
  reviewedAt: Date | null;
  reviewedBy: string | null;
  endedAt: Date | null;
  endedBy: string | null;
};

export type StocktakeLineRow = {
  id: string;
  sku: string;
  stockItemId: string;
  serialUnitId: string | null;
  finding: StocktakeFinding;
  counted: number | null;
  expected: number;
  expectedAt: Date;
  difference: number | null;
  needsRecount: boolean;
  /** Whether a movement of the same id posted it. */
  isPosted: boolean;
};

/** What those who count are not to see before the review. */
export function hidesLines({ isBlind, status }: StocktakeRow): boolean {
  return isBlind && status === 'COUNTING';
}

export type ScanInput = { code: string; quantity?: number; scannedAt: Date | string };
export type BatchInput = {
  scans?: ScanInput[] | null;
  codeList?: string | null;
  scannedAt?: Date | string | null;
};
export type Scan = { code: string; kind: 'SCAN' | 'TAG'; quantity: number; scannedAt: string };
export type ScanProblem = 'IN_THE_FUTURE' | 'BEFORE_THE_START';
export type RefusedScan = { code: string; scannedAt: string; problem: ScanProblem };

export const scansMax = 10_000;
const codeLengthMax = 255;
// A tag's text is at most this long with its separator; the gateway stops at 256 KB anyway.
const codeListLengthMax = scansMax * (codeLengthMax + 1);

/** The scans of a batch in their order, single ones first, or what is wrong with them. */
export function scansOf(input: BatchInput): Scan[] | InvalidInput {
  const list = input.codeList ?? '';
  if (list.length > codeListLengthMax)
    return invalidInput('codeList', 'codeList is too long.', list);
  const tags = list.split(/\s+/u).filter((code) => code.length > 0);
  if (tags.length > 0 && !input.scannedAt)
    return invalidInput('scannedAt', 'codeList needs the time at which it was read.');
  const scans: Scan[] = [
    ...(input.scans ?? []).map((scan) => ({
      code: scan.code,
      kind: 'SCAN' as const,
      quantity: scan.quantity ?? 1,
      scannedAt: instantOf(scan.scannedAt),
    })),
    ...tags.map((code) => ({
      code,
      kind: 'TAG' as const,
      quantity: 1,
      scannedAt: instantOf(input.scannedAt!),
    })),
  ];
  if (scans.length === 0 || scans.length > scansMax)
    return invalidInput('scans', `A batch has 1–${scansMax} scans.`, scans.length);
  return scans.map(problemOf).find((problem) => problem !== undefined) ?? scans;
}

function problemOf({ code, quantity }: Scan): InvalidInput | undefined {
  if (code.trim().length === 0 || code.length > codeLengthMax || !isStorable(code))
    return invalidInput('code', `A code has 1–${codeLengthMax} characters.`, code);
  return checkWhole('quantity', quantity, { min: 1, max: quantityMax });
}

const instantOf = (at: Date | string): string => new Date(at).toISOString();

/** Clocks of hand-held devices are off by seconds; by more than this they would date a scan behind a sale. */
export const clockSkewMsMax = 60_000;

/** Scans whose time can be true, and the others with the reason; both by the database's clock. */
export function sortByTime(scans: readonly Scan[], span: { from: Date; now: Date }) {
  const taken: Scan[] = [];
  const refused: RefusedScan[] = [];
  for (const scan of scans) {
    const at = Date.parse(scan.scannedAt);
    const problem: ScanProblem | undefined =
      at < span.from.getTime()
        ? 'BEFORE_THE_START'
        : at > span.now.getTime() + clockSkewMsMax
          ? 'IN_THE_FUTURE'
          : undefined;
    if (problem) refused.push({ code: scan.code, scannedAt: scan.scannedAt, problem });
    // Within the skew it is now: a review that follows at once must not look into the future.
    else
      taken.push(at > span.now.getTime() ? { ...scan, scannedAt: span.now.toISOString() } : scan);
  }
  return { taken, refused };
}
