import { createHash } from 'node:crypto';
import { checkText, checkWhole, firstOf, invalidInput, type InvalidInput } from '@onecount/refusal';
import { isPublicShop, type Caller } from '../caller.ts';
import { holdSecondsMax, quantityMax } from '../input.ts';
import { checkLocation, type NamedLocation } from '../location/named-location.steps.ts';
import { documentKinds, type HoldKind } from './hold.ts';

/** What is asked for: one SKU, or one named unit of it. */
export type HoldLineInput = NamedLocation & {
  sku: string;
  serial?: string | null;
  quantity: number;
};
/** On which terms it is kept. */
export type HoldTerms = {
  kind: HoldKind;
  holdSeconds: number;
  purpose: string;
  channel?: string | null;
  referenceKind?: string | null;
  referenceId?: string | null;
  secret?: string | null;
};

export const publicHoldSecondsMax = 1_800;
const word = /^[A-Z][A-Z0-9_]{0,31}$/;

// The others say what the house does with a piece: an explanation shows them as that.
const publicPurposes: readonly string[] = ['BASKET', 'WEB_CHECKOUT'];

export const secondsMaxFor = (caller: Caller): number =>
  isPublicShop(caller) ? publicHoldSecondsMax : holdSecondsMax;

/** Whose holds the caller may change; null: anybody's in the tenant. */
export const ownerFor = (caller: Caller): string | null =>
  isPublicShop(caller) ? caller.subject : null;

/** A secret is made by its caller and long enough not to be guessed: a plain hash of it keeps it. */
export const secretLength = { min: 16, max: 255 };

export function secretHashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Precedence: form of each field, then what the caller may ask for. */
export function checkTerms(caller: Caller, terms: HoldTerms): InvalidInput | undefined {
  return firstOf(
    checkWhole('holdSeconds', terms.holdSeconds, { min: 1, max: secondsMaxFor(caller) }),
    checkWord('channel', terms.channel),
    checkReference(terms),
    checkSecret('secret', terms.secret),
    terms.purpose === 'SALE'
      ? invalidInput('purpose', 'A line of a sale is held by the sale itself.', terms.purpose)
      : undefined,
    isPublicShop(caller) && !publicPurposes.includes(terms.purpose)
      ? invalidInput('purpose', 'A public shop holds for a basket or a checkout.', terms.purpose)
      : undefined,
    isPublicShop(caller) && terms.kind !== 'SOFT'
      ? invalidInput('kind', 'A public shop may only ask for SOFT holds.', terms.kind)
      : undefined,
  );
}

/** `at` stands before the names of the fields: `lines.3.`. */
export function checkLine(line: HoldLineInput, at = ''): InvalidInput | undefined {
  return firstOf(
    checkText(`${at}sku`, line.sku, { min: 1, max: 255 }),
    checkText(`${at}serial`, line.serial, { min: 1, max: 255 }),
    checkWhole(`${at}quantity`, line.quantity, { min: 1, max: line.serial ? 1 : quantityMax }),
    checkLocation(line, { at, isRequired: false }),
  );
}

function checkReference({ referenceKind, referenceId }: HoldTerms): InvalidInput | undefined {
  if (Boolean(referenceKind) !== Boolean(referenceId))
    return invalidInput('referenceId', 'Give referenceKind and referenceId, or neither.');
  return firstOf(
    checkWord('referenceKind', referenceKind),
    checkText('referenceId', referenceId, { min: 1, max: 255 }),
    referenceKind && documentKinds.includes(referenceKind)
      ? invalidInput('referenceKind', `A ${referenceKind} holds for itself.`, referenceKind)
      : undefined,
  );
}

function checkWord(field: string, value: string | null | undefined): InvalidInput | undefined {
  if (value === null || value === undefined || word.test(value)) return undefined;
  return invalidInput(field, `${field} must be capital letters, digits and _.`, value);
}

/** As checkText, without the text in the answer: clients log refusals. */
export function checkSecret(field: string, secret: string | null | undefined) {
  const { min, max } = secretLength;
  return checkText(field, secret, secretLength)
    ? invalidInput(field, `${field} must have ${min}–${max} characters.`)
    : undefined;
}
