import { MoneyError, minorMoneyOf, minorOf, type Money } from '@onecount/money';
import {
  checkText,
  firstOf,
  invalidInput,
  isStorable,
  type InvalidInput,
  isLinkAddress,
} from '@onecount/refusal';
import type { Certificate, SerialUnitRow } from './serial-unit.sql.ts';

// What is known of a unit beside its place and state: pure.

export type CertificateInput = {
  number: string;
  lab?: string | null;
  grade?: string | null;
  reportUrl?: string | null;
};
export type UnitFact = { key: string; value: string };

/** Undefined leaves a fact, null takes it away. */
export type UnitFactsInput = {
  condition?: string | null;
  certificate?: CertificateInput | null;
  attributes?: UnitFact[] | null;
  photos?: string[] | null;
  cost?: Money | null;
  isListed?: boolean | null;
};

/** Facts as the row has them; only those that are to be written. */
export type UnitFacts = Partial<
  Pick<
    SerialUnitRow,
    | 'stockNumber'
    | 'condition'
    | 'certificate'
    | 'attributes'
    | 'photos'
    | 'costMinor'
    | 'costCurrency'
    | 'isListed'
  >
>;

const listMax = 50;
const factLengthMax = 2_000;
const kinds = ['METAL', 'PURITY', 'WEIGHT', 'STONES', 'SIZE'] as const;
export type UnitAttributeKind = (typeof kinds)[number] | 'OTHER';

/** The well-known facts, however they are spelt; whatever else a shop writes down is OTHER. */
export function attributeKind(key: string): UnitAttributeKind {
  return kinds.find((kind) => kind === key.trim().toUpperCase()) ?? 'OTHER';
}

// The two that are measured say their unit, so that nobody adds grams to carats.
const forms: Partial<Record<UnitAttributeKind, { form: RegExp; words: string }>> = {
  WEIGHT: {
    form: /^\d{1,7}(\.\d{1,4})? ?(mg|g|kg|ct|oz|dwt)$/,
    words: 'A weight is a number with its unit, mg, g, kg, ct, oz or dwt: 4.25 g.',
  },
  PURITY: {
    form: /^((\d{1,3}(\.\d{1,2})?|1000)|\d{1,2} ?(ct|kt|K))$/,
    words: 'A purity is in parts of a thousand or in carats: 750, 18 ct.',
  },
};

/** Refuses facts that cannot be; `field` names them as the input does. */
export function checkFacts(facts: UnitFactsInput): InvalidInput | undefined {
  return firstOf(
    checkText('condition', facts.condition, { min: 1, max: 255 }),
    certificateProblem(facts.certificate),
    attributesProblem(facts.attributes),
    photosProblem(facts.photos),
    costProblem(facts.cost),
  );
}

function certificateProblem(
  certificate: CertificateInput | null | undefined,
): InvalidInput | undefined {
  if (!certificate) return undefined;
  const { number, ...others } = certificate;
  if (number === '') return invalidInput('certificate', 'A certificate needs a number.');
  return [number, ...Object.values(others)].every((text) => !text || isFact(text))
    ? addressesProblem('certificate', [others.reportUrl])
    : tooLong('certificate');
}

/** Pages of other services show them as links and pictures. */
export function addressesProblem(
  field: string,
  addresses: readonly (string | null | undefined)[] | null | undefined,
): InvalidInput | undefined {
  const unfit = addresses?.find((address) => address && !isLinkAddress(address));
  return unfit
    ? invalidInput(field, 'An address begins with http or https, or is relative.', unfit)
    : undefined;
}

export function attributesProblem(
  attributes: readonly UnitFact[] | null | undefined,
): InvalidInput | undefined {
  if (!attributes) return undefined;
  const field = 'attributes';
  if (attributes.length > listMax)
    return invalidInput(field, `A unit has at most ${listMax} attributes.`, attributes.length);
  if (attributes.some(({ key }) => key.trim() === ''))
    return invalidInput(field, 'An attribute needs a key.');
  if (!attributes.every(({ key, value }) => isFact(key) && isFact(value))) return tooLong(field);
  const twice = attributes.find(
    ({ key }, index) => attributes.findIndex((each) => sameKey(each.key, key)) < index,
  );
  if (twice) return invalidInput(field, 'A fact is given once.', twice.key);
  const unfit = attributes.find(
    ({ key, value }) => forms[attributeKind(key)]?.form.test(value.trim()) === false,
  );
  return unfit
    ? invalidInput(field, forms[attributeKind(unfit.key)]!.words, unfit.value)
    : undefined;
}

const sameKey = (left: string, right: string): boolean =>
  left.trim().toUpperCase() === right.trim().toUpperCase();

function photosProblem(photos: readonly string[] | null | undefined): InvalidInput | undefined {
  if (!photos) return undefined;
  if (photos.length > listMax)
    return invalidInput('photos', `A unit has at most ${listMax} photos.`, photos.length);
  return photos.every((photo) => photo !== '' && isFact(photo))
    ? addressesProblem('photos', photos)
    : tooLong('photos');
}

function costProblem(cost: Money | null | undefined): InvalidInput | undefined {
  if (!cost) return undefined;
  const value = `${cost.amount} ${cost.currencyCode}`;
  const message = 'A cost is an amount from 0 on, with no more decimals than its currency.';
  try {
    return minorOf(cost) >= 0 ? undefined : invalidInput('cost', message, value);
  } catch (err) {
    if (err instanceof MoneyError) return invalidInput('cost', message, value);
    throw err;
  }
}

const isFact = (text: string): boolean => text.length <= factLengthMax && isStorable(text);
const tooLong = (field: string): InvalidInput =>
  invalidInput(field, `A fact has at most ${factLengthMax} characters, an address at least one.`);

/** The facts in the row's form. */
export function factsOf(input: UnitFactsInput): UnitFacts {
  const { condition, certificate, attributes, photos, cost, isListed } = input;
  const money = cost ? minorMoneyOf(cost) : null;
  return defined({
    condition,
    certificate: certificate ? certificateOf(certificate) : certificate,
    attributes: attributes === null ? [] : attributes,
    photos: photos === null ? [] : photos,
    costMinor: cost === undefined ? undefined : (money?.amountMinor ?? null),
    costCurrency: cost === undefined ? undefined : (money?.currencyCode ?? null),
    isListed: isListed ?? undefined,
  });
}

function certificateOf(certificate: CertificateInput): Certificate {
  const { number, lab, grade, reportUrl } = certificate;
  return {
    number,
    ...(lab ? { lab } : {}),
    ...(grade ? { grade } : {}),
    ...(reportUrl ? { reportUrl } : {}),
  };
}

/** Those of the facts that the unit does not have already. */
export function changedFacts(unit: UnitFacts, facts: UnitFacts): UnitFacts {
  const changed = Object.entries(facts).filter(
    ([name, value]) => canonical(unit[name as keyof UnitFacts]) !== canonical(value),
  );
  return Object.fromEntries(changed) as UnitFacts;
}

// jsonb keeps the keys of a certificate in an order of its own.
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return JSON.stringify(value ?? null);
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function defined(facts: Record<string, unknown>): UnitFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

export type WebsiteReason = 'NOT_LISTED' | 'NOT_ON_SALE' | 'NOT_IN_STOCK' | 'NO_PHOTO';

/** One piece on the website: the switch is on, it is there to be sold, and at least one photo. */
export function websiteReasons(
  unit: Pick<SerialUnitRow, 'isListed' | 'status' | 'photos'>,
  { isItemOnSale }: { isItemOnSale: boolean },
): WebsiteReason[] {
  const reasons: [WebsiteReason, boolean][] = [
    ['NOT_LISTED', !unit.isListed],
    ['NOT_ON_SALE', !isItemOnSale],
    ['NOT_IN_STOCK', unit.status !== 'AVAILABLE' && unit.status !== 'HELD'],
    ['NO_PHOTO', unit.photos.length === 0],
  ];
  return reasons.filter(([, applies]) => applies).map(([reason]) => reason);
}
