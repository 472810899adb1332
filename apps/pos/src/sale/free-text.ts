import { checkText, invalidInput, type InvalidInput } from '@onecount/refusal';

// As people write numbers: digits, in groups or not.
const digitRuns = /\d(?:[ .-]?\d)*/g;

/**
 * Whether a text has in it what could be the number of a payment card: 13 to 19 digits (ISO/IEC 7812) with the check digit of
 * Luhn. Groups beside it, as a date of expiry, do not hide it. No card's number begins with 0.
 */
export function hasCardNumber(text: string): boolean {
  const runs = text.normalize('NFKC').match(digitRuns) ?? [];
  return runs.some((run) => joined(run.split(/[ .-]/)).some(isCardNumber));
}

/** The numbers that neighbouring groups make together. */
function joined(groups: readonly string[]): string[] {
  return groups.flatMap((_, from) =>
    groups.slice(from, from + 19).map((__, more) => groups.slice(from, from + more + 1).join('')),
  );
}

const isCardNumber = (digits: string): boolean => /^[1-9]\d{12,18}$/.test(digits) && isLuhn(digits);

function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** What a person writes beside a sale or its payment. The answer does not repeat a card number: clients log refusals. */
export function checkFreeText(
  field: string,
  text: string | null | undefined,
  limits: { min?: number; max: number },
): InvalidInput | undefined {
  if (text && hasCardNumber(text)) {
    const message = 'This looks like the number of a payment card, which is kept nowhere.';
    return invalidInput(field, message);
  }
  return checkText(field, text, limits);
}
