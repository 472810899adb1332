import { exactlyOne, type Database, type Tx } from '@onecount/db';
import { amountMinorMax } from '@onecount/money';
import {
  checkKey,
  checkWhole,
  firstOf,
  invalidInput,
  isGiven,
  isRefusal,
  isUuid,
  notFound,
  type InvalidInput,
} from '@onecount/refusal';
import { customerErased } from '../customer/customer.errors.ts';
import { customersByIds } from '../customer/customer.sql.ts';
import type {
  GiftCardReplaceInput,
  StoredValueBlockInput,
  StoredValueIssueInput,
  StoredValueSettingsSetInput,
} from '../generated/resolver-types.ts';
import { checkFreeText } from '../sale/free-text.ts';
import type { Caller } from '../sale/idempotency.ts';
import { amountOf } from '../sale/sale.input.ts';
import { groupedCode } from './code.ts';
import { storedValueNotActive } from './stored-value.errors.ts';
import { cardByCode, lockStoredValue, storedValuesByIds } from './stored-value.queries.ts';
import {
  ensureCredit,
  insertCard,
  insertSettings,
  moveValue,
  setBlock,
  setSuccessor,
  settingsNow,
} from './stored-value.sql.ts';

export type StoredValueService = ReturnType<typeof createStoredValueService>;

export function createStoredValueService({ db }: { db: Database }) {
  return {
    issue: (caller: Caller, input: StoredValueIssueInput) => issue(db, caller, input),
    block: (caller: Caller, input: StoredValueBlockInput) => block(db, caller, input),
    replace: (caller: Caller, input: GiftCardReplaceInput) => replace(db, caller, input),
    setSettings: (caller: Caller, input: StoredValueSettingsSetInput) =>
      setSettings(db, caller, input),
  };
}

export async function storedValueById(tx: Tx, id: string) {
  return exactlyOne(await storedValuesByIds(tx, [id]));
}

const checkReason = ({ reason, idempotencyKey }: { reason: string; idempotencyKey: string }) =>
  checkKey(idempotencyKey) ?? checkFreeText('reason', reason.trim(), { min: 1, max: 500 });

/** What is to be put on a card or a credit, in minor units. */
export function readAmount(amount: StoredValueIssueInput['amount']): number | InvalidInput {
  const parsed = amountOf('amount', amount);
  if (!parsed.ok) return parsed.refusal;
  return parsed.minor > 0
    ? parsed.minor
    : invalidInput('amount', 'Nothing at all cannot be spent.', amount.amount);
}

async function issue(db: Database, caller: Caller, input: StoredValueIssueInput) {
  const { kind, customerId } = input;
  const amountMinor = checkReason(input) ?? readAmount(input.amount);
  if (isRefusal(amountMinor)) return amountMinor;
  if ((kind === 'STORE_CREDIT') !== isGiven(customerId))
    return invalidInput('customerId', 'A store credit is of a customer, a gift card of nobody.');
  if (isGiven(customerId) && !isUuid(customerId)) return notFound('Customer', customerId);
  // Told once, by the process that made it: never kept under the key.
  let code: string | null = null;
  return db.command(
    caller,
    { operation: 'storedValueIssue', input },
    async (tx) => {
      const made = await newValue(tx, caller, input);
      if (isRefusal(made)) return made;
      code = made.code;
      const of = { reason: input.reason.trim(), recordedBy: caller.subject };
      await moveValue(tx, { storedValueId: made.id, kind: 'ISSUED', amountMinor, of });
      const { balanceMinor } = await storedValueById(tx, made.id);
      if (balanceMinor > amountMinorMax)
        return invalidInput('amount', 'More would be on it than an amount can be.');
      return { storedValueId: made.id };
    },
    async (tx, { storedValueId }) => ({
      __typename: 'StoredValueIssueSuccess' as const,
      storedValue: await storedValueById(tx, storedValueId),
      giftCardCode: code && groupedCode(code),
    }),
  );
}

async function newValue(
  tx: Tx,
  { subject: issuedBy }: Caller,
  { customerId, amount: { currencyCode } }: StoredValueIssueInput,
): Promise<
  { id: string; code: string | null } | ReturnType<typeof customerErased | typeof notFound>
> {
  if (!isGiven(customerId)) return insertCard(tx, { currencyCode, isActive: true, issuedBy });
  const [customer] = await customersByIds(tx, [customerId]);
  if (!customer) return notFound('Customer', customerId);
  if (!customer.profile) return customerErased(customer.askedId);
  const id = await ensureCredit(tx, { customerId: customer.id, currencyCode, issuedBy });
  return { id, code: null };
}

async function block(db: Database, caller: Caller, input: StoredValueBlockInput) {
  const { storedValueId, giftCardCode } = input;
  const invalid = checkReason(input);
  if (invalid) return invalid;
  if (isGiven(storedValueId) === isGiven(giftCardCode))
    return invalidInput('storedValueId', 'Give either storedValueId or giftCardCode.');
  return db.command(
    caller,
    { operation: 'storedValueBlock', input },
    async (tx) => {
      const id = storedValueId ?? (await cardByCode(tx, giftCardCode!))?.id;
      const value = isUuid(id) ? await lockStoredValue(tx, id) : undefined;
      // Without the code: a refusal is kept.
      if (!value) return notFound('StoredValue', storedValueId ?? 'the gift card');
      if (value.replacedBy !== null)
        return storedValueNotActive({ storedValueId: value.id, status: value.status });
      await setBlock(tx, value.id, input.isBlocked ? input.reason.trim() : null);
      return { id: value.id };
    },
    async (tx, { id }) => ({
      __typename: 'StoredValueBlockSuccess' as const,
      storedValue: await storedValueById(tx, id),
    }),
  );
}

async function replace(db: Database, caller: Caller, input: GiftCardReplaceInput) {
  const invalid = checkReason(input);
  if (invalid) return invalid;
  const { storedValueId: lostId } = input;
  if (!isUuid(lostId)) return notFound('StoredValue', lostId);
  let code: string | null = null;
  return db.command(
    caller,
    { operation: 'giftCardReplace', input },
    async (tx) => {
      const lost = await lockStoredValue(tx, lostId);
      if (lost?.kind !== 'GIFT_CARD') return notFound('StoredValue', lostId);
      // A card that somebody blocked is the usual one that is replaced.
      if (lost.replacedBy !== null || !['ACTIVE', 'BLOCKED'].includes(lost.status))
        return storedValueNotActive({ storedValueId: lost.id, status: lost.status });
      const { currencyCode, balanceMinor, expiresAt } = lost;
      const issuedBy = caller.subject;
      const made = await insertCard(tx, { currencyCode, isActive: true, issuedBy, expiresAt });
      code = made.code;
      const reason = input.reason.trim();
      const move = async (storedValueId: string, otherId: string, amountMinor: number) => {
        const of = { otherId, reason, recordedBy: caller.subject };
        await moveValue(tx, { storedValueId, kind: 'TRANSFERRED', amountMinor, of });
      };
      if (balanceMinor > 0) await move(lost.id, made.id, -balanceMinor);
      if (balanceMinor > 0) await move(made.id, lost.id, balanceMinor);
      await setBlock(tx, lost.id, reason);
      await setSuccessor(tx, lost.id, made.id);
      return { storedValueId: made.id };
    },
    async (tx, { storedValueId }) => ({
      __typename: 'GiftCardReplaceSuccess' as const,
      storedValue: await storedValueById(tx, storedValueId),
      giftCardCode: code && groupedCode(code),
    }),
  );
}

async function setSettings(db: Database, caller: Caller, input: StoredValueSettingsSetInput) {
  const { giftCardMonths = null, storeCreditMonths = null } = input;
  const range = { min: 1, max: 600 };
  const invalid = firstOf(
    checkKey(input.idempotencyKey),
    giftCardMonths === null ? undefined : checkWhole('giftCardMonths', giftCardMonths, range),
    storeCreditMonths === null
      ? undefined
      : checkWhole('storeCreditMonths', storeCreditMonths, range),
  );
  if (invalid) return invalid;
  return db.command(
    caller,
    { operation: 'storedValueSettingsSet', input },
    async (tx) => {
      await insertSettings(tx, { giftCardMonths, storeCreditMonths, setBy: caller.subject });
      return { isSet: true };
    },
    async (tx) => ({
      __typename: 'StoredValueSettingsSetSuccess' as const,
      settings: await settingsNow(tx),
    }),
  );
}
