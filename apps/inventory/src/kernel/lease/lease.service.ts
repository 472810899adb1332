import type { Database, Tx } from '@onecount/db';
import {
  checkId,
  checkText,
  checkWhole,
  firstOf,
  invalidInput,
  type InvalidInput,
} from '@onecount/refusal';
import type { Caller } from '../caller.ts';
import { reasonOf } from '../hold/hold-batch.service.ts';
import { holdBatchRefused } from '../hold/hold.errors.ts';
import { checkLine } from '../hold/hold.input.ts';
import { unkeyedRequest } from '../hold/hold.service.ts';
import { placeAllHolds } from '../hold/hold.sql.ts';
import type { PlacedHold, HeldItem } from '../hold/hold.ts';
import { holdSecondsMax, idOf } from '../input.ts';
import { releaseLease } from './lease.sql.ts';

export type LeaseHoldsPlaceInput = {
  leaseId: string;
  lines: { lineId: string; sku: string; serial?: string | null; quantity: number }[];
  locationId: string;
  holdSeconds: number;
  /** The person, not the service that asks. */
  subject: string;
};
type Deps = { db: Database; onChange?: () => void };
export type LeaseService = ReturnType<typeof createLeaseService>;

const linesMax = 200;

/** What a register keeps for the time in which it may be offline (ADR 0379): soft holds under its lease's id. */
export function createLeaseService({ db, onChange = () => {} }: Deps) {
  return {
    async place(caller: Caller, input: LeaseHoldsPlaceInput) {
      const problem = checkPlace(input);
      if (problem) return problem;
      // The lease is its own key: asked again with other lines, it is another lease's id that is missing.
      const keyed = { ...input, idempotencyKey: `lease:${idOf(input.leaseId)}` };
      const command = { operation: 'leaseHoldsPlace', input: keyed, afterCommit: [onChange] };
      return db.command(caller, command, (tx) => placeLines(tx, caller, input));
    },

    async release(caller: Caller, { leaseId }: { leaseId: string }) {
      const problem = checkId('leaseId', leaseId);
      if (problem) return problem;
      const of = { tenantId: caller.tenantId, leaseId: idOf(leaseId) };
      const released = await releaseLease(db, of);
      onChange();
      return { __typename: 'LeaseHoldsReleaseSuccess' as const, released };
    },
  };
}

async function placeLines(tx: Tx, caller: Caller, input: LeaseHoldsPlaceInput) {
  const { leaseId, lines, locationId, holdSeconds, subject } = input;
  const terms = { kind: 'SOFT' as const, holdSeconds, purpose: 'LEASE', channel: 'COUNTER' };
  const requests = lines.map(({ lineId, ...line }) => ({
    ...unkeyedRequest(caller, { ...line, ...terms, locationId }),
    sku: line.sku,
    subject,
    ...{ referenceKind: 'LEASE', referenceId: idOf(leaseId), lineId: idOf(lineId) },
  }));
  const answers = await placeAllHolds(tx, requests);
  const reasons = answers.flatMap(
    (answer, index) => reasonOf(answer, requests[index]!, index) ?? [],
  );
  if (reasons.length > 0) return holdBatchRefused(reasons);
  const holds = (answers as (PlacedHold & { item: HeldItem })[]).map(
    ({ item, ...held }, index) => ({
      lineId: lines[index]!.lineId,
      stockItemId: item.stockItemId,
      sku: item.sku,
      tracking: item.tracking,
      serialUnitId: held.serialUnitId,
      serial: held.serial,
      quantity: held.quantity,
      expiresAt: held.expiresAt!,
    }),
  );
  return { __typename: 'LeaseHoldsPlaceSuccess' as const, holds };
}

function checkPlace(input: LeaseHoldsPlaceInput): InvalidInput | undefined {
  const { lines } = input;
  return firstOf(
    checkId('leaseId', input.leaseId),
    checkId('locationId', input.locationId),
    checkText('subject', input.subject, { min: 1, max: 255 }),
    checkWhole('holdSeconds', input.holdSeconds, { min: 1, max: holdSecondsMax }),
    checkWhole('lines', lines.length, { min: 1, max: linesMax }),
    ...lines.flatMap((line, index) => [
      checkId(`lines.${index}.lineId`, line.lineId),
      checkLine(line, `lines.${index}.`),
    ]),
    new Set(lines.map(({ lineId }) => idOf(lineId))).size === lines.length
      ? undefined
      : invalidInput('lines', 'A line is named twice.'),
  );
}
