import type { Database, Tx } from '@onecount/db';
import { wakeRelays } from '@onecount/messaging';
import {
  checkId,
  checkKey,
  checkText,
  firstOf,
  invalidInput,
  isRefusal,
  type InvalidInput,
} from '@onecount/refusal';
import { currentTraceparent } from '@onecount/telemetry';
import type { Caller } from '../caller.ts';
import { checkReference, idOf } from '../input.ts';
import {
  checkLocation,
  isLocationNamed,
  namedLocation,
  type NamedLocation,
} from '../location/named-location.steps.ts';
import { unitNameTaken } from './serial-unit.errors.ts';
import type { SerialUnitStatus } from './serial-unit.sql.ts';
import { checkUpdate, updateUnit, type SerialUnitUpdateInput } from './unit-facts.service.ts';
import { setUnitStatus } from './unit-status.service.ts';
import {
  checkSucceed,
  succeedUnit,
  type SerialUnitSucceedInput,
} from './unit-succession.service.ts';

export type SerialUnitStatusSetInput = NamedLocation & {
  serialUnitId: string;
  to: SerialUnitStatus;
  note?: string | null;
  referenceKind?: string | null;
  referenceId?: string | null;
  idempotencyKey: string;
};
export type UnitStatusSet = { serialUnitId: string; movementId: string | null };
export type SerialUnitService = ReturnType<typeof createSerialUnitService>;

type Named = { serial?: string | null; stockNumber?: string | null; idempotencyKey: string };

/** What people do to a unit by hand. */
export function createSerialUnitService(deps: { db: Database; onChange?: () => void }) {
  const { db, onChange = () => {} } = deps;
  const afterCommit = [wakeRelays, onChange];

  return {
    async setStatus(caller: Caller, input: SerialUnitStatusSetInput) {
      const problem = checkStatusSet(input);
      if (problem) return problem;
      return db.command(
        caller,
        { operation: 'serialUnitStatusSet', input, constraints, afterCommit },
        (tx) => setByHand(tx, caller, input),
      );
    },

    async update(caller: Caller, input: SerialUnitUpdateInput) {
      const problem = checkUpdate(input);
      if (problem) return problem;
      const command = {
        operation: 'serialUnitUpdate',
        input,
        constraints: nameConstraints(input),
        afterCommit,
      };
      return db.command(caller, command, (tx) => updateUnit(tx, caller, input));
    },

    async succeed(caller: Caller, input: SerialUnitSucceedInput) {
      const problem = checkSucceed(input);
      if (problem) return problem;
      const command = {
        operation: 'serialUnitSucceed',
        input,
        constraints: { ...constraints, ...nameConstraints(input) },
        afterCommit,
      };
      return db.command(caller, command, (tx) => succeedUnit(tx, caller, input));
    },
  };
}

async function setByHand(tx: Tx, caller: Caller, input: SerialUnitStatusSetInput) {
  const location = isLocationNamed(input) ? await namedLocation(tx, input) : undefined;
  if (isRefusal(location)) return location;
  const place = location && { locationId: location.id };
  const change = { unitId: idOf(input.serialUnitId), to: input.to, ...place };
  const set = await setUnitStatus(tx, change, {
    reason: null,
    referenceKind: input.referenceKind ?? null,
    referenceId: input.referenceId ?? null,
    note: input.note ?? null,
    actor: caller.subject,
    traceparent: currentTraceparent(),
  });
  if (isRefusal(set)) return set;
  const { unitId: serialUnitId, movementId } = set;
  return { __typename: 'SerialUnitStatusSetSuccess' as const, serialUnitId, movementId };
}

function checkStatusSet(input: SerialUnitStatusSetInput): InvalidInput | undefined {
  return firstOf(
    checkKey(input.idempotencyKey),
    checkId('serialUnitId', input.serialUnitId),
    checkLocation(input, { isRequired: false }),
    checkText('note', input.note, { max: 1_000 }),
    checkReference(input),
  );
}

// What the constraints decide: a level that is full, a name that somebody took a moment ago.
const constraints = {
  level_on_hand_max: () => invalidInput('serialUnitId', 'The level cannot hold one more unit.'),
};

function nameConstraints({ serial, stockNumber }: Named) {
  return {
    serial_unit_serial_unique: () => unitNameTaken('serial', String(serial)),
    serial_unit_serial_look_alike: () => unitNameTaken('serial', String(serial)),
    serial_unit_stock_number_unique: () => unitNameTaken('stockNumber', String(stockNumber)),
  };
}
