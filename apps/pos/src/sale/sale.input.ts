import { isCurrencyCode, minorOf, MoneyError, type Money } from '@onecount/money';
import { checkId, checkKey, checkText, invalidInput, type InvalidInput } from '@onecount/refusal';
import { checkPriceReason } from '../discount/own-price.ts';
import { checkSalesperson } from '../salesperson/salesperson.ts';
import { checkTenderValue } from '../stored-value/tender-value.input.ts';
import { checkFreeText } from './free-text.ts';
import type { SaleChannel, Tender } from './sale.ts';

export type SaleOpenInput = {
  channel: SaleChannel;
  registerId?: string | null;
  locationId?: string | null;
  locationCode?: string | null;
  currencyCode: string;
  externalId?: string | null;
  customerId?: string | null;
  salesperson?: string | null;
  lines?: SaleLineInput[] | null;
  idempotencyKey: string;
};
/** What is sold, named by sku, sku and serial, serial, code, or a hold of it. */
export type SaleLineInput = {
  sku?: string | null;
  serial?: string | null;
  code?: string | null;
  holdId?: string | null;
  /** The ground on which a hold of somebody else is taken over. */
  holdSecret?: string | null;
  holdReason?: string | null;
  quantity?: number | null;
  unitPrice?: Money | null;
  priceReason?: string | null;
  /** Left out: the sale's. */
  locationId?: string | null;
  locationCode?: string | null;
  fulfilFrom?: 'NAMED_LOCATION' | 'ANY_LOCATION' | null;
};
/** What a basket is named by: a public shop's token has its secret. */
type OfBasket = { saleId: string; basketSecret?: string | null; idempotencyKey: string };
export type SaleLineAddInput = SaleLineInput & OfBasket;
export type SaleLinesAddInput = {
  saleId: string;
  lines: SaleLineInput[];
  /** Left out: all or none. */
  mode?: 'ALL_OR_NONE' | 'EACH';
  idempotencyKey: string;
};
export type SaleLineRemoveInput = OfBasket & { lineId: string };
/** What is left out or null stays. */
export type SaleLineUpdateInput = SaleLineRemoveInput & {
  quantity?: number | null;
  unitPrice?: Money | null;
  priceReason?: string | null;
  note?: string | null;
};
export type SaleHoldsRenewInput = OfBasket & { holdSeconds?: number | null };
export type TenderInput = {
  kind: Tender['kind'];
  amount: Money;
  reference?: string | null;
  giftCardCode?: string | null;
  storeCreditNumber?: string | null;
  creditCustomerId?: string | null;
};
export type SaleCommitInput = {
  saleId: string;
  tenders: TenderInput[];
  /** Left out: the basket's. */
  customerId?: string | null;
  idempotencyKey: string;
};
/** The SKU is asked for, because the price is known by it before inventory is asked. */
export type SaleRecordInput = Omit<SaleOpenInput, 'lines' | 'salesperson'> & {
  lines: (SaleLineInput & { sku: string })[];
  tenders: TenderInput[];
};
export type SaleVoidInput = { saleId: string; reason: string; idempotencyKey: string };

export const quantityMax = 9999;
/** A customer who pays is done within the hour. */
const renewSecondsMax = 3600;
const tendersMax = 20;
const noteLengthMax = 500;
/** One claim takes all lines in one transaction of inventory. */
export const linesMax = 200;

const textLength = { min: 1, max: 255 };

export function checkOpen(input: SaleOpenInput): InvalidInput | undefined {
  const isCounter = input.channel === 'COUNTER';
  const hasLocation = Boolean(input.locationId ?? input.locationCode);
  if (isCounter && !input.registerId)
    return invalidInput('registerId', 'A COUNTER sale needs a register.');
  if (!isCounter && input.registerId)
    return invalidInput('registerId', 'Only a COUNTER sale has a register.', input.registerId);
  if (isCounter && hasLocation)
    return invalidInput('locationId', 'A COUNTER sale sells from the location of its register.');
  if (!isCurrencyCode(input.currencyCode))
    return invalidInput('currencyCode', 'This is no currency of ISO 4217.', input.currencyCode);
  return (
    checkKey(input.idempotencyKey) ??
    checkText('externalId', input.externalId, textLength) ??
    checkText('registerId', input.registerId, textLength) ??
    checkText('locationId', input.locationId, textLength) ??
    checkText('locationCode', input.locationCode, textLength) ??
    checkText('customerId', input.customerId, textLength) ??
    checkSalesperson(input.salesperson)
  );
}

export function checkLineAdd(input: SaleLineAddInput): InvalidInput | undefined {
  return checkLine(input) ?? checkKey(input.idempotencyKey);
}

function checkLine(line: SaleLineInput, prefix = ''): InvalidInput | undefined {
  const { sku, serial, code, holdId, quantity } = line;
  if ([sku || serial, code, holdId].filter(Boolean).length !== 1)
    return invalidInput(
      `${prefix}sku`,
      'Name the piece by sku, sku and serial, serial, code, or holdId.',
    );
  const wrongQuantity = checkQuantity(quantity, `${prefix}quantity`);
  if (wrongQuantity) return wrongQuantity;
  if (serial && (quantity ?? 1) !== 1)
    return invalidInput(`${prefix}quantity`, 'A named piece is sold once.', quantity);
  const { locationId, locationCode } = line;
  if (locationId && locationCode)
    return invalidInput(`${prefix}locationCode`, 'Give locationId or locationCode, not both.');
  const texts = Object.entries({ sku, serial, code, locationId, locationCode }).filter(
    ([, text]) => text,
  );
  return (
    checkTake(line, prefix) ??
    checkPriceReason(line, prefix) ??
    texts.map(([field, text]) => checkText(`${prefix}${field}`, text, textLength)).find(Boolean)
  );
}

function checkTake(line: SaleLineInput, prefix: string): InvalidInput | undefined {
  const { holdId, holdSecret, holdReason } = line;
  if (!holdId && (holdSecret || holdReason))
    return invalidInput(`${prefix}holdId`, 'Without a hold there is no secret and no reason.');
  const namesPlace = line.locationId || line.locationCode || line.fulfilFrom === 'ANY_LOCATION';
  if (holdId && namesPlace)
    return invalidInput(`${prefix}locationId`, 'A hold is taken over where it is.');
  const secretIsBad = checkText('holdSecret', holdSecret, { min: 16, max: 255 });
  return (
    checkId(`${prefix}holdId`, holdId) ??
    // Without the secret in the answer: clients log refusals.
    (secretIsBad && invalidInput(`${prefix}holdSecret`, secretIsBad.message)) ??
    checkFreeText(`${prefix}holdReason`, holdReason, { min: 1, max: 500 })
  );
}

export function checkLinesAdd({
  lines,
  idempotencyKey,
}: SaleLinesAddInput): InvalidInput | undefined {
  if (lines.length === 0) return invalidInput('lines', 'Give at least one line.');
  return checkLines(lines) ?? checkKey(idempotencyKey);
}

export function checkLineUpdate(input: SaleLineUpdateInput): InvalidInput | undefined {
  const { quantity, unitPrice, note } = input;
  if ([quantity, unitPrice, note].every((given) => given === undefined || given === null))
    return invalidInput('quantity', 'Give a quantity, a unitPrice or a note.');
  return (
    checkQuantity(quantity) ??
    checkPriceReason(input) ??
    checkFreeText('note', note?.trim(), { max: noteLengthMax }) ??
    checkKey(input.idempotencyKey)
  );
}

function checkQuantity(
  quantity: number | null | undefined,
  field = 'quantity',
): InvalidInput | undefined {
  if (quantity === undefined || quantity === null) return undefined;
  if (quantity >= 1 && quantity <= quantityMax) return undefined;
  return invalidInput(field, `quantity must be 1 to ${quantityMax}.`, quantity);
}

/** The first lines of a basket, lines that are added together, or all lines of a sale that is paid already. */
export function checkLines(lines: readonly SaleLineInput[]): InvalidInput | undefined {
  if (lines.length > linesMax)
    return invalidInput('lines', `A sale has at most ${linesMax} lines.`, lines.length);
  return lines.map((line, index) => checkLine(line, `lines.${index}.`)).find(Boolean);
}

export function checkRecord(input: SaleRecordInput): InvalidInput | undefined {
  if (input.lines.length === 0) return invalidInput('lines', 'A sale has at least one line.');
  const unnamed = input.lines.findIndex(({ sku }) => !sku);
  if (unnamed >= 0) return invalidInput(`lines.${unnamed}.sku`, 'Name the piece by its SKU.');
  return checkOpen(input) ?? checkLines(input.lines) ?? checkTenders(input.tenders);
}

export function checkHoldsRenew(input: SaleHoldsRenewInput): InvalidInput | undefined {
  const range = { min: 1, max: renewSecondsMax };
  return checkSeconds('holdSeconds', input.holdSeconds, range) ?? checkKey(input.idempotencyKey);
}

/** How long something is to be kept, where the caller says it. */
export function checkSeconds(
  field: string,
  seconds: number | null | undefined,
  { min, max }: { min: number; max: number },
): InvalidInput | undefined {
  if (typeof seconds !== 'number' || (seconds >= min && seconds <= max)) return undefined;
  return invalidInput(field, `${field} must be ${min} to ${max}.`, seconds);
}

export function checkVoid(input: SaleVoidInput): InvalidInput | undefined {
  return (
    checkKey(input.idempotencyKey) ?? checkFreeText('reason', input.reason, { min: 1, max: 500 })
  );
}

export function checkCommit(input: SaleCommitInput): InvalidInput | undefined {
  return (
    checkTenders(input.tenders) ??
    checkText('customerId', input.customerId, textLength) ??
    checkKey(input.idempotencyKey)
  );
}

export function checkTenders(
  tenders: readonly TenderInput[],
  most = tendersMax,
): InvalidInput | undefined {
  if (tenders.length > most) return invalidInput('tenders', `At most ${most} tenders pay a sale.`);
  return tenders.map(checkTender).find(Boolean);
}

function checkTender(tender: TenderInput, index: number): InvalidInput | undefined {
  const { kind, reference } = tender;
  const at = `tenders.${index}`;
  if (reference) {
    const problem = checkFreeText(`${at}.reference`, reference, textLength);
    if (problem) return problem;
  } else if (kind === 'BANK_TRANSFER') {
    return invalidInput(`${at}.reference`, 'A bank transfer needs the reference it came with.');
  }
  return checkTenderValue(tender, at);
}

/** Minor units of an amount, or what is wrong with it; negative amounts are wrong. */
export function amountOf(
  field: string,
  money: Money,
): { ok: true; minor: number } | { ok: false; refusal: InvalidInput } {
  try {
    const minor = minorOf(money);
    if (minor >= 0) return { ok: true, minor };
    return { ok: false, refusal: invalidInput(field, 'An amount is not negative.', money.amount) };
  } catch (err) {
    if (!(err instanceof MoneyError)) throw err;
    return { ok: false, refusal: invalidInput(field, `${err.message}.`, money.amount) };
  }
}
