import { uuidv7, type Database, type Tx } from '@onecount/db';
import {
  checkKey,
  checkText,
  invalidInput,
  isRefusal,
  isUuid,
  notFound,
  type NotFound,
} from '@onecount/refusal';
import type { Caller } from '../sale/idempotency.ts';
import { insertConsent, moveConsents } from './consent.sql.ts';
import { logChange } from './customer-change.sql.ts';
import { customerChanged, customerErased, type CustomerErased } from './customer.errors.ts';
import {
  checkMerge,
  checkNamed,
  readProfile,
  type CustomerCreateInput,
  type CustomersMergeInput,
  type CustomerUpdateInput,
} from './customer.input.ts';
import {
  bumpVersion,
  customerById,
  deleteProfile,
  insertCustomer,
  lockCustomer,
  mergeInto,
  saveProfile,
} from './customer.sql.ts';
import {
  mergedProfile,
  type ConsentHow,
  type ConsentPurpose,
  type Customer,
  type Profile,
} from './customer.ts';

export type CustomerConsentRecordInput = {
  customerId: string;
  purpose: ConsentPurpose;
  isGiven: boolean;
  how: ConsentHow;
  at?: Date | string | null;
  note?: string | null;
  idempotencyKey: string;
};
export type CustomerService = ReturnType<typeof createCustomerService>;

// With a refusal the hash of its input would be kept, of somebody whom no erasure would find (ADR 0326).
const unkept = ['CustomerChanged', 'CustomerErased', 'NotFound'];
const nothing: Omit<Profile, 'name'> = {
  ...{ note: null, emails: [], phones: [], addresses: [], sizes: [] },
};

/** What people of the shop do; forgetting and handing out are in customer-privacy.service.ts. */
export function createCustomerService({ db }: { db: Database }) {
  return {
    create: (caller: Caller, input: CustomerCreateInput) => create(db, caller, input),
    update: (caller: Caller, input: CustomerUpdateInput) => update(db, caller, input),
    recordConsent: (caller: Caller, input: CustomerConsentRecordInput) =>
      recordConsent(db, caller, input),
    merge: (caller: Caller, input: CustomersMergeInput) => merge(db, caller, input),
  };
}

const answered =
  <Name extends string>(__typename: Name) =>
  async (tx: Tx, { customerId }: { customerId: string }) => ({
    __typename,
    customer: await customerById(tx, customerId),
  });

async function create(db: Database, caller: Caller, input: CustomerCreateInput) {
  const profile = checkKey(input.idempotencyKey) ?? readProfile(input);
  if (isRefusal(profile)) return profile;
  const { idempotencyKey } = input;
  const operation = 'customerCreate';
  return db.command(
    caller,
    { operation, input },
    async (tx) => {
      const customerId = uuidv7();
      await insertCustomer(tx, customerId, { ...nothing, name: profile.name!, ...profile });
      await logChange(tx, caller, { customerId, operation, idempotencyKey });
      return { customerId };
    },
    answered('CustomerCreateSuccess'),
  );
}

async function update(db: Database, caller: Caller, input: CustomerUpdateInput) {
  const change = checkNamed(input) ?? readProfile(input);
  if (isRefusal(change)) return change;
  const { customerId: id, version, idempotencyKey } = input;
  if (!isUuid(id)) return notFound('Customer', id);
  const operation = 'customerUpdate';
  return db.command(
    caller,
    { operation, input, passing: unkept },
    async (tx) => {
      const customer = await lockAt(tx, id, version);
      if (isRefusal(customer)) return customer;
      const customerId = customer.id;
      await saveProfile(tx, customerId, { ...customer.profile, ...change });
      await bumpVersion(tx, customerId);
      await logChange(tx, caller, { customerId, operation, idempotencyKey });
      return { customerId };
    },
    answered('CustomerUpdateSuccess'),
  );
}

type Known = Customer & { profile: Profile };

/** The customer, locked. */
export async function lockKnown(tx: Tx, id: string): Promise<Known | NotFound | CustomerErased> {
  const customer = await lockCustomer(tx, id);
  if (!customer) return notFound('Customer', id);
  return customer.profile ? (customer as Known) : customerErased(id);
}

/** The same, only at the version that the caller saw. */
export async function lockAt(tx: Tx, id: string, version: number) {
  const customer = await lockKnown(tx, id);
  if (isRefusal(customer) || customer.version === version) return customer;
  return customerChanged(customer, version);
}

async function recordConsent(db: Database, caller: Caller, input: CustomerConsentRecordInput) {
  const { customerId: id, purpose, isGiven, how, idempotencyKey } = input;
  const at = input.at ? new Date(input.at) : null;
  const note = input.note?.trim() || null;
  const tooLong = checkText('note', note, { max: 500 });
  const invalid = checkKey(idempotencyKey) ?? (tooLong && invalidInput('note', tooLong.message));
  if (invalid) return invalid;
  if (at && at.getTime() > Date.now())
    return invalidInput('at', 'Consent is not given in the future.', at.toISOString());
  if (!isUuid(id)) return notFound('Customer', id);
  const operation = 'customerConsentRecord';
  return db.command(
    caller,
    { operation, input, passing: unkept },
    async (tx) => {
      const customer = await lockKnown(tx, id);
      if (isRefusal(customer)) return customer;
      const customerId = customer.id;
      const said = { id: uuidv7(), customerId, purpose, isGiven, at, how, note };
      await insertConsent(tx, { ...said, recordedBy: caller.subject });
      await bumpVersion(tx, customerId);
      await logChange(tx, caller, { customerId, operation, idempotencyKey });
      return { customerId };
    },
    answered('CustomerConsentRecordSuccess'),
  );
}

async function merge(db: Database, caller: Caller, input: CustomersMergeInput) {
  const { customerId, duplicateId, idempotencyKey } = input;
  const invalid = checkMerge(input);
  if (invalid) return invalid;
  if (!isUuid(customerId)) return notFound('Customer', customerId);
  const operation = 'customersMerge';
  return db.command(
    caller,
    { operation, input },
    async (tx) => {
      const pair = await lockPair(tx, input);
      if (isRefusal(pair)) return pair;
      const { kept, duplicate } = pair;
      if (kept.id === duplicate.id)
        return invalidInput('duplicateId', 'The two were merged already.', duplicateId);
      await deleteProfile(tx, duplicate.id);
      await saveProfile(tx, kept.id, mergedProfile(kept.profile, duplicate.profile));
      await moveConsents(tx, duplicate.id, kept.id);
      await mergeInto(tx, duplicate.id, kept.id);
      await bumpVersion(tx, kept.id);
      await logChange(tx, caller, { customerId: kept.id, operation, idempotencyKey });
      return { customerId: kept.id };
    },
    answered('CustomersMergeSuccess'),
  );
}

// In the order of their ids: two merges of one pair, each the other way round, come one after the other.
async function lockPair(tx: Tx, input: CustomersMergeInput) {
  const kept = () => lockAt(tx, input.customerId, input.version);
  const duplicate = () => lockAt(tx, input.duplicateId, input.duplicateVersion);
  const isKeptFirst = input.customerId.toLowerCase() < input.duplicateId.toLowerCase();
  const first = await (isKeptFirst ? kept() : duplicate());
  if (isRefusal(first)) return first;
  const second = await (isKeptFirst ? duplicate() : kept());
  if (isRefusal(second)) return second;
  return isKeptFirst ? { kept: first, duplicate: second } : { kept: second, duplicate: first };
}
