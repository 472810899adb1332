import {
  checkKey,
  checkText,
  firstOf,
  invalidInput,
  isGiven,
  isRefusal,
  type InvalidInput,
} from '@onecount/refusal';
import type { ReceiptSettingsSetInput } from '../generated/resolver-types.ts';
import type { ReceiptShop } from './receipt.ts';

const linesMax = 8;
const lineMax = 120;
const textMax = 1000;

/** What was asked for, or what is wrong with it by itself. */
export function shopOf(input: ReceiptSettingsSetInput): ReceiptShop | InvalidInput {
  const { taxNumber, header, footer, timeZone } = input;
  const shopName = input.shopName.trim();
  const addressLines = (input.addressLines ?? []).map((line) => line.trim());
  const locale = localeOf(input.locale);
  const problem = firstOf(
    checkKey(input.idempotencyKey),
    checkText('shopName', shopName, { min: 1, max: lineMax }),
    addressLines.length > linesMax
      ? invalidInput(
          'addressLines',
          `An address has at most ${linesMax} lines.`,
          addressLines.length,
        )
      : undefined,
    ...addressLines.map((line, index) =>
      checkText(`addressLines.${index}`, line, { min: 1, max: lineMax }),
    ),
    checkText('taxNumber', taxNumber, { max: lineMax }),
    checkText('header', header, { max: textMax }),
    checkText('footer', footer, { max: textMax }),
    isRefusal(locale) ? locale : undefined,
    timeZoneProblem(timeZone),
  );
  if (problem) return problem;
  return {
    ...{ shopName, addressLines, timeZone, locale: locale as string },
    ...{ taxNumber: filled(taxNumber), header: filled(header), footer: filled(footer) },
  };
}

/** A text of blanks says nothing. */
const filled = (text: string | null | undefined): string | null =>
  isGiven(text) && text.trim() !== '' ? text.trim().replaceAll('\r\n', '\n') : null;

function localeOf(locale: string): string | InvalidInput {
  try {
    return new Intl.Locale(locale).toString();
  } catch {
    return invalidInput('locale', 'It is a language such as en-GB or de-CH.', locale);
  }
}

function timeZoneProblem(timeZone: string): InvalidInput | undefined {
  try {
    return void new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    return invalidInput('timeZone', `${timeZone} is no IANA time zone.`, timeZone);
  }
}
