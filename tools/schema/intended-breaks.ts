type IntendedBreak = { adr: string; change: RegExp };

/**
 * Changes that break a client of the schema that landed last, and are meant. Each has a decision record; a released
 * graph has none of them: there a field is deprecated first.
 */
const intendedBreaks: readonly IntendedBreak[] = [
  // Nothing is released. The answers are the same texts; what changes is the type that generators give them.
  { adr: '0211', change: /^Field '\w+\.code' changed type from 'String!' to 'UserErrorCode!'$/ },
];

/** The record that says why a change is made although it breaks clients. */
export function intendedBy(change: string): string | undefined {
  return intendedBreaks.find((one) => one.change.test(change))?.adr;
}
