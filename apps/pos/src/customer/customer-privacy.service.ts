import { exactlyOne, type Database, type Tx } from '@onecount/db';
import { moneyOf } from '@onecount/money';
import { checkKey, isRefusal, isUuid, notFound } from '@onecount/refusal';
import { customerHasConsignments } from '../consignment/consignment.errors.ts';
import { hasConsignments } from '../consignment/consignment.sql.ts';
import type { Caller } from '../sale/idempotency.ts';
import { allConsents, deleteConsents } from './consent.sql.ts';
import { changesOf, forgetInputs, logChange } from './customer-change.sql.ts';
import { creditsFor, documentsOf, documentsMax, markErased } from './customer-privacy.sql.ts';
import { checkNamed, type CustomerNamed } from './customer.input.ts';
import { lockAt, lockKnown } from './customer.service.ts';
import { customersByIds, deleteProfile, idsOf } from './customer.sql.ts';

export type CustomerExportInput = Omit<CustomerNamed, 'version'>;
export type CustomerPrivacyService = ReturnType<typeof createCustomerPrivacyService>;

export function createCustomerPrivacyService({ db }: { db: Database }) {
  return {
    erase: (caller: Caller, input: CustomerNamed) => erase(db, caller, input),
    exportAll: (caller: Caller, input: CustomerExportInput) => exportAll(db, caller, input),
  };
}

async function erase(db: Database, caller: Caller, input: CustomerNamed) {
  const { customerId: id, version, idempotencyKey } = input;
  const invalid = checkNamed(input);
  if (invalid) return invalid;
  if (!isUuid(id)) return notFound('Customer', id);
  const operation = 'customerErase';
  return db.command(caller, { operation, input }, async (tx) => {
    const customer = await lockAt(tx, id, version);
    if (isRefusal(customer)) return customer;
    const customerId = customer.id;
    const ids = await idsOf(tx, customerId);
    if (await hasConsignments(tx, ids)) return customerHasConsignments(customerId);
    await forgetInputs(tx, ids);
    await deleteProfile(tx, customerId);
    await deleteConsents(tx, customerId);
    const erasedAt = await markErased(tx, ids);
    await logChange(tx, caller, { customerId, operation, idempotencyKey });
    return { __typename: 'CustomerEraseSuccess' as const, customerId, erasedAt };
  });
}

async function exportAll(db: Database, caller: Caller, input: CustomerExportInput) {
  const { customerId: id, idempotencyKey } = input;
  const invalid = checkKey(idempotencyKey);
  if (invalid) return invalid;
  if (!isUuid(id)) return notFound('Customer', id);
  const operation = 'customerExport';
  // Kept is that it was exported, never what.
  return db.command(
    caller,
    { operation, input },
    async (tx) => {
      const customer = await lockKnown(tx, id);
      if (isRefusal(customer)) return customer;
      await logChange(tx, caller, { customerId: customer.id, operation, idempotencyKey });
      return { customerId: customer.id };
    },
    async (tx, { customerId }) => ({
      __typename: 'CustomerExportSuccess' as const,
      document: JSON.stringify(await knownOf(tx, customerId)),
    }),
  );
}

async function knownOf(tx: Tx, customerId: string) {
  const { id, version, createdAt, updatedAt, erasedAt, profile } = exactlyOne(
    await customersByIds(tx, [customerId]),
  );
  const ids = await idsOf(tx, id);
  const { documents, total } = await documentsOf(tx, ids);
  const consents = await allConsents(tx, id);
  return {
    exportedAt: new Date(),
    customer: { id, version, createdAt, updatedAt, erasedAt, ...profile },
    idsMerged: ids.filter((one) => one !== id),
    // Without who recorded it: that is somebody else's data.
    consents: consents.map(({ customerId: _, recordedBy: __, ...consent }) => consent),
    changes: await changesOf(tx, ids),
    documents: documents.map(({ totalMinor, currencyCode, ...document }) => ({
      ...document,
      total: moneyOf({ amountMinor: totalMinor, currencyCode }),
    })),
    storeCredits: (await creditsFor(tx, ids)).map(({ number, expiresAt, ...balance }) => ({
      ...{ number, expiresAt, balance: moneyOf(balance) },
    })),
    documentsLeftOut: Math.max(0, total - documentsMax),
  };
}
