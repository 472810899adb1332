import anyAscii from 'any-ascii';

/**
 * One line as a printer can print it: composed letters, plain blanks (Intl joins amounts and currencies by narrow ones),
 * and what the printer has no letter for in Latin ones: 耳 as Er. What has neither is left out.
 */
export function printable(text: string, has: (codePoint: number) => boolean): string {
  const plain = text.normalize('NFC').replaceAll(/[\p{Zs}\p{Cc}]/gu, ' ');
  const isPrinted = (letter: string) => has(letter.codePointAt(0)!);
  const printed = (letter: string): string => {
    // Another form of the same letter, as a full-width ￥, rather than another letter.
    const forms = [letter, letter.normalize('NFKC'), latin(letter)];
    return forms.find((form) => [...form].every(isPrinted)) ?? '';
  };
  return [...plain].map(printed).join('');
}

// Names of pictures come between colons: nothing that a receipt should say.
const latin = (letter: string): string =>
  /\p{Extended_Pictographic}|\p{M}|\p{Cf}/u.test(letter) ? '' : anyAscii(letter);
