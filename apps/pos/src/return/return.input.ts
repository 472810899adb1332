import type { Money } from '@onecount/money';
import {
  checkId,
  checkKey,
  checkWhole,
  firstOf,
  invalidInput,
  type InvalidInput,
} from '@onecount/refusal';
import { checkFreeText } from '../sale/free-text.ts';
import { currencyMismatch, type CurrencyMismatch } from '../sale/sale.errors.ts';
import { amountOf, linesMax } from '../sale/sale.input.ts';
import type { RefundWish, TenderKind } from './refund.ts';
import type { Disposition } from './return.ts';

export type ReturnReason =
  | 'CHANGED_MIND'
  | 'FAULTY'
  | 'NOT_AS_DESCRIBED'
  | 'WRONG_ITEM'
  | 'WRONG_SIZE'
  | 'CHECKOUT_MISTAKE'
  | 'OTHER';
export type SaleReturnLineInput = {
  lineId: string;
  /** Left out: as many as units are named, else all that is left. */
  quantity?: number | null;
  serialUnitIds?: string[] | null;
  disposition?: Disposition | null;
};
export type ReturnRefundInput = {
  kind: TenderKind;
  amount: Money;
  tenderIndex?: number | null;
  reference?: string | null;
};
export type SaleReturnInput = {
  saleId: string;
  registerId: string;
  lines: SaleReturnLineInput[];
  /** Left out: the way it was paid. */
  refunds?: ReturnRefundInput[] | null;
  reason: ReturnReason;
  note?: string | null;
  /** Whose store credit it goes to; left out, the sale's customer's. */
  creditCustomerId?: string | null;
  idempotencyKey: string;
};

const quantityMax = 9999;
const refundsMax = 20;

/** Of whatever comes back: the key, and why. */
export function checkReason(
  input: Pick<SaleReturnInput, 'reason' | 'note' | 'idempotencyKey'>,
): InvalidInput | undefined {
  const note = input.note?.trim();
  return firstOf(
    checkKey(input.idempotencyKey),
    checkFreeText('note', note, { max: 500 }),
    input.reason === 'OTHER' && !note
      ? invalidInput('note', 'Reason OTHER needs a note.', input.note)
      : undefined,
  );
}

/** What is wrong with the request by itself. */
export function checkReturn(
  input: Omit<SaleReturnInput, 'saleId' | 'registerId'>,
  field = 'lines',
): InvalidInput | undefined {
  const { lines, refunds } = input;
  return firstOf(
    checkReason(input),
    checkWhole(field, lines.length, { min: 1, max: linesMax }),
    ...lines.map((line, index) => checkLine(line, `${field}.${index}`)),
    checkId('creditCustomerId', input.creditCustomerId),
    checkWhole('refunds', refunds?.length ?? 0, { min: 0, max: refundsMax }),
    ...(refunds ?? []).map(({ reference }, index) =>
      checkFreeText(`refunds.${index}.reference`, reference, { min: 1, max: 255 }),
    ),
  );
}

function checkLine({ quantity, serialUnitIds }: SaleReturnLineInput, at: string) {
  return firstOf(
    checkWhole(`${at}.quantity`, quantity ?? 1, { min: 1, max: quantityMax }),
    checkWhole(`${at}.serialUnitIds`, serialUnitIds?.length ?? 1, { min: 1, max: quantityMax }),
  );
}

/** The refunds that are asked for in minor units, or the first that is none in this currency. */
export function readRefunds(
  inputs: readonly ReturnRefundInput[],
  currencyCode: string,
): RefundWish[] | InvalidInput | CurrencyMismatch {
  const wishes: RefundWish[] = [];
  for (const [index, { kind, amount, tenderIndex, reference }] of inputs.entries()) {
    if (amount.currencyCode !== currencyCode)
      return currencyMismatch({ expected: currencyCode, actual: amount.currencyCode });
    if (kind === 'EXCHANGE')
      return invalidInput(`refunds.${index}.kind`, 'What came back goes out as money.', kind);
    const field = `refunds.${index}.amount`;
    const parsed = amountOf(field, amount);
    if (!parsed.ok) return parsed.refusal;
    if (parsed.minor === 0)
      return invalidInput(field, 'A refund of zero gives nothing back.', amount.amount);
    const wish = { kind, amountMinor: parsed.minor, tenderIndex: tenderIndex ?? null };
    wishes.push({ ...wish, reference: reference ?? null });
  }
  return wishes;
}
