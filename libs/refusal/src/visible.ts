import { unseen } from './identifier.ts';

const unseenEach = new RegExp(`(?! )(?:${unseen.source})`, 'gu');

/**
 * A text that a person reads, in which what cannot be seen or turns the direction of writing is spelt out: a value
 * with a zero-width space is `X\u200b` and not a second X. A plain space stays.
 */
export function visible(text: string): string {
  return text.replace(unseenEach, (character) => {
    const hex = character.codePointAt(0)!.toString(16);
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
  });
}
