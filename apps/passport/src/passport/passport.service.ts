import { randomUUID } from 'node:crypto';
import { waitForCopy, type Database, type IdempotencyKeyReused, type Tx } from '@onecount/db';
import { appendEvents } from '@onecount/messaging';
import { checkKey, invalidInput, isUuid, type InvalidInput } from '@onecount/refusal';
import type { Issuer } from '../issuer/issuer.ts';
import { isComplete, type KnownUnit, type UnitReference } from '../known-unit/known-unit.ts';
import { findUnit } from '../known-unit/known-unit.sql.ts';
import { addRecord } from '../lifecycle/lifecycle.sql.ts';
import { credentialOf } from './credential.ts';
import { passportChanged } from './passport.events.ts';
import {
  passportAlreadyIssued,
  unitNotEligible,
  unitNotFound,
  variantNotFound,
} from './passport.errors.ts';
import { insertPassport } from './passport.sql.ts';
import { canHavePassport, type PassportIssued } from './passport.ts';

export type PassportIssueInput = {
  idempotencyKey: string;
  serialUnitId?: string | null;
  sku?: string | null;
  serial?: string | null;
};
type Caller = { tenantId: string; subject: string };

export type PassportService = {
  issue(caller: Caller, input: PassportIssueInput): Promise<PassportIssued | IssueRefusal>;
};

export type IssueRefusal =
  | InvalidInput
  | ReturnType<typeof unitNotFound>
  | ReturnType<typeof unitNotEligible>
  | ReturnType<typeof passportAlreadyIssued>
  | IdempotencyKeyReused;

export function createPassportService(deps: {
  db: Database;
  issuer: Issuer;
  publicUrl: string;
  /** How long a unit whose event is still in flight is waited for. */
  waitMs: number;
}): PassportService {
  const { db, waitMs } = deps;
  return {
    async issue(caller, input) {
      const reference = referenceOf(input);
      if ('__typename' in reference) return reference;
      const { tenantId } = caller;
      const read = () => db.read(tenantId, (tx) => findUnit(tx, reference));
      const unit = await waitForCopy(read, { waitMs, isEnough: isComplete });
      if (!unit) return unitNotFound(reference);
      if (!isComplete(unit)) return variantNotFound(unit.variantId ?? '');
      // The index decides, not a look before: two clerks may ask in the same instant.
      const constraints = { passport_one_active_per_unit: () => passportAlreadyIssued(unit) };
      return db.command(caller, { operation: 'passportIssue', input, constraints }, (tx) =>
        issueFor(tx, { ...deps, unit, issuedBy: caller.subject }),
      );
    },
  };
}

async function issueFor(
  tx: Tx,
  issue: { issuer: Issuer; publicUrl: string; unit: KnownUnit; issuedBy: string },
): Promise<PassportIssued | ReturnType<typeof unitNotEligible>> {
  const { issuer, publicUrl, unit, issuedBy } = issue;
  if (!canHavePassport(unit.status)) return unitNotEligible(unit);
  const [id, issuedAt] = [randomUUID(), new Date()];
  const url = issuer.urlOf(id);
  const signer = { did: issuer.did, name: issuer.name, publicUrl };
  const credential = await issuer.sign(
    credentialOf({ passportId: id, url, issuer: signer, issuedAt, unit }),
  );
  const row = { id, serialUnitId: unit.id, credential, issuedAt, issuedBy };
  const passport = await insertPassport(tx, row);
  await addRecord(tx, {
    serialUnitId: unit.id,
    kind: 'PASSPORT_ISSUED',
    occurredAt: issuedAt.toISOString(),
    referenceId: id,
  });
  await appendEvents(tx, [passportChanged(passport, url)]);
  return { __typename: 'PassportIssueSuccess', passportId: id };
}

function referenceOf(input: PassportIssueInput): UnitReference | InvalidInput {
  const { serialUnitId, sku, serial } = input;
  const problem = checkKey(input.idempotencyKey);
  if (problem) return problem;
  if (serialUnitId && !sku && !serial) {
    if (isUuid(serialUnitId)) return { serialUnitId };
    return invalidInput('serialUnitId', 'serialUnitId is not an id of ours.', serialUnitId);
  }
  if (!serialUnitId && sku && serial) return { sku, serial };
  return invalidInput('serialUnitId', 'Give either serialUnitId, or sku together with serial.');
}
