/** Width of a text, in em. */
export type Measure = (text: string) => number;

/**
 * A text in lines of a width in em; undefined where a word is wider than a line and may not be broken. A no-break space
 * keeps together what it joins: an amount and its currency.
 */
export function wrapped(
  text: string,
  width: number,
  { measure, breaksWords }: { measure: Measure; breaksWords: boolean },
): string[] | undefined {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (!breaksWords && measure(word) > width) return undefined;
    for (const part of piecesOf(word, width, measure)) {
      const longer = line === '' ? part : `${line} ${part}`;
      if (line !== '' && measure(longer) > width) {
        lines.push(line);
        line = part;
      } else line = longer;
    }
  }
  return [...lines, line];
}

/** A word that is wider than a line, in pieces that are not. */
function piecesOf(word: string, width: number, measure: Measure): string[] {
  if (measure(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const letter of lettersOf(word)) {
    if (piece !== '' && measure(piece + letter) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += letter;
  }
  return [...pieces, piece];
}

/** As much of a text as a line has room for, with … at its end. */
export function shortened(text: string, width: number, measure: Measure): string {
  const letters = lettersOf(text);
  while (letters.length > 0 && measure(`${letters.join('')}…`) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** As people count them: an accent stays with its letter. */
const lettersOf = (text: string): string[] =>
  [...segmenter.segment(text)].map(({ segment }) => segment);
