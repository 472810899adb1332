import {
  checkId,
  checkKey,
  checkText,
  checkWhole,
  firstOf,
  invalidInput,
  isGiven,
  isRefusal,
  type InvalidInput,
} from '@onecount/refusal';
import type { Address, Email, Phone, Profile, Size, SizeKind, SizeSystem } from './customer.ts';
import { parsePhone } from './phone.ts';
import { foldedName } from './term.ts';
import { sizeProblem, sizeValue } from './size.ts';

type Text = string | null | undefined;
type EmailInput = { address: string; label?: Text };
type PhoneInput = { number: string; countryCode?: Text; label?: Text };
type AddressInput = Partial<Record<'postalCode' | 'city' | 'region' | 'countryCode', Text>> & {
  lines: string[];
  label?: Text;
};
type SizeInput = { kind: SizeKind; system: SizeSystem; value: string; place?: Text; note?: Text };
export type ProfileInput = {
  name?: Text;
  note?: Text;
  emails?: EmailInput[] | null;
  phones?: PhoneInput[] | null;
  addresses?: AddressInput[] | null;
  sizes?: SizeInput[] | null;
};
export type CustomerCreateInput = ProfileInput & { name: string; idempotencyKey: string };
export type CustomerNamed = { customerId: string; version: number; idempotencyKey: string };
export type CustomerUpdateInput = ProfileInput & CustomerNamed;
export type CustomersMergeInput = CustomerNamed & { duplicateId: string; duplicateVersion: number };

const contactsMax = 20;
const sizesMax = 50;
const addressLinesMax = 6;
const graphqlIntMax = 2_147_483_647;

// Without what was given: clients log refusals, and all of this is personal.
function said(check: InvalidInput | undefined): InvalidInput | undefined {
  return check && invalidInput(check.field, check.message);
}

const text = (field: string, value: Text, max: number, min = 0) =>
  said(checkText(field, value?.trim(), { min, max }));
const textOf = (value: Text) => value?.trim() || null;

export function checkNamed({ idempotencyKey, version }: CustomerNamed): InvalidInput | undefined {
  return checkKey(idempotencyKey) ?? checkWhole('version', version, { min: 0, max: graphqlIntMax });
}

export function checkMerge(input: CustomersMergeInput): InvalidInput | undefined {
  const { customerId, duplicateId, duplicateVersion } = input;
  return firstOf(
    checkNamed(input),
    checkWhole('duplicateVersion', duplicateVersion, { min: 0, max: graphqlIntMax }),
    checkId('duplicateId', duplicateId),
    customerId.toLowerCase() === duplicateId.toLowerCase()
      ? invalidInput('duplicateId', 'A customer is no duplicate of itself.', duplicateId)
      : undefined,
  );
}

/** What is given, as it is kept; what is left out is not there. */
export function readProfile(input: ProfileInput): Partial<Profile> | InvalidInput {
  const { name } = input;
  const emails = readList('emails', input.emails, { read: readEmail, max: contactsMax });
  const phones = readList('phones', input.phones, { read: readPhone, max: contactsMax });
  const addresses = readList('addresses', input.addresses, { read: readAddress, max: contactsMax });
  const sizes = readList('sizes', input.sizes, { read: readSize, max: sizesMax });
  const invalid = (isGiven(name) ? checkName(name) : undefined) ?? text('note', input.note, 5000);
  if (invalid) return invalid;
  for (const list of [emails, phones, addresses, sizes]) if (isRefusal(list)) return list;
  return {
    ...(isGiven(name) && { name: name.normalize('NFC').trim() }),
    ...(isGiven(input.note) && { note: textOf(input.note) }),
    ...(emails && { emails: emails as Email[] }),
    ...(phones && { phones: phones as Phone[] }),
    ...(addresses && { addresses: addresses as Address[] }),
    ...(sizes && { sizes: sizes as Size[] }),
  };
}

function checkName(name: string): InvalidInput | undefined {
  const invalid = text('name', name, 200, 1);
  if (invalid || foldedName(name)) return invalid;
  return invalidInput('name', 'A name has a letter or a digit.');
}

function readList<T, R extends object>(
  field: string,
  given: readonly T[] | null | undefined,
  { read, max }: { read(one: T, field: string): R | InvalidInput; max: number },
): R[] | InvalidInput | undefined {
  if (!isGiven(given)) return undefined;
  if (given.length > max)
    return invalidInput(field, `At most ${max} ${field} are kept.`, given.length);
  const rows = given.map((one, index) => read(one, `${field}.${index}`));
  return rows.find((row) => isRefusal(row)) ?? (rows as R[]);
}

function readEmail({ address, label }: EmailInput, field: string): Email | InvalidInput {
  const email = address.normalize('NFC').trim();
  const invalid = text(`${field}.address`, email, 254, 3) ?? text(`${field}.label`, label, 40);
  if (invalid) return invalid;
  if (!/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(email))
    return invalidInput(`${field}.address`, 'This is no e-mail address.');
  return { address: email, label: textOf(label) };
}

function readPhone({ number, countryCode, label }: PhoneInput, field: string) {
  const invalid = text(`${field}.number`, number, 40, 1) ?? text(`${field}.label`, label, 40);
  if (invalid) return invalid;
  const parsed = parsePhone(number.trim(), countryCode);
  if (parsed) return { ...parsed, label: textOf(label) };
  const way = countryCode ? 'of that country' : 'international, with + or with its countryCode';
  return invalidInput(`${field}.number`, `This is no telephone number ${way}.`);
}

function readAddress(input: AddressInput, field: string): Address | InvalidInput {
  const { lines, postalCode, city, region, countryCode, label } = input;
  if (lines.length === 0 || lines.length > addressLinesMax)
    return invalidInput(`${field}.lines`, `An address has 1 to ${addressLinesMax} lines.`);
  const invalid = firstOf(
    ...lines.map((line, index) => text(`${field}.lines.${index}`, line, 120, 1)),
    text(`${field}.postalCode`, postalCode, 20),
    text(`${field}.city`, city, 120),
    text(`${field}.region`, region, 120),
    text(`${field}.label`, label, 40),
  );
  if (invalid) return invalid;
  const country = textOf(countryCode)?.toUpperCase() ?? null;
  if (country && !isCountry(country))
    return invalidInput(`${field}.countryCode`, 'This is no country of ISO 3166-1.');
  return {
    lines: lines.map((line) => line.trim()),
    ...{ postalCode: textOf(postalCode), city: textOf(city), region: textOf(region) },
    ...{ countryCode: country, label: textOf(label) },
  };
}

const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const isCountry = (code: string) => /^[A-Z]{2}$/.test(code) && Boolean(countries.of(code));

function readSize(input: SizeInput, field: string): Size | InvalidInput {
  const { kind, system, place } = input;
  const note = textOf(input.note);
  const invalid = text(`${field}.place`, place, 60) ?? text(`${field}.note`, note, 200);
  if (invalid) return invalid;
  if (kind === 'OTHER' && !note) return invalidInput(`${field}.note`, 'Kind OTHER needs a note.');
  const value = sizeValue(input.value);
  const problem = sizeProblem(kind, { system, value });
  if (problem) return invalidInput(`${field}.value`, problem);
  return { kind, system, value, place: textOf(place), note };
}
