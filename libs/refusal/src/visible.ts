// U+2800 is a braille cell without a dot: it looks blank, and no property says so.
export const unseen =
  /[\p{White_Space}\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

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
