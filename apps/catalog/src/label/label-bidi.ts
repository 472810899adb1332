import bidiFactory from 'bidi-js';

/** A stretch of one direction, its letters in the order in which they are read. */
export type Run = { text: string; isRightToLeft: boolean };

// Its types are those of an ES module; Node loads it as CommonJS, whose export is the function itself.
const bidi = (bidiFactory as unknown as typeof bidiFactory.default)();
// A font shapes the letters of one script at a time.
const scripts = [
  ...[/\p{Script=Hebrew}/u, /\p{Script=Arabic}/u, /\p{Script=Syriac}/u],
  ...[/\p{Script=Thaana}/u, /\p{Script=Nko}/u],
];
const scriptOf = (letter: string): number => scripts.findIndex((script) => script.test(letter));
const strong = /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff]/;

/** Whether a line begins at the right. */
export const isRightToLeft = (text: string): boolean =>
  strong.test(text) && (bidi.getEmbeddingLevels(text, 'auto').paragraphs[0]?.level ?? 0) % 2 === 1;

/** A line by the Unicode bidirectional algorithm (UAX 9): its runs from left to right. */
export function runsOf(text: string, { startsRight = isRightToLeft(text) } = {}): Run[] {
  if (text === '') return [];
  if (!startsRight && !strong.test(text)) return [{ text, isRightToLeft: false }];
  const found = bidi.getEmbeddingLevels(text, startsRight ? 'rtl' : 'ltr');
  const mirrored = bidi.getMirroredCharactersMap(text, found.levels);
  const level = (index: number) => found.levels[index] ?? 0;
  const runs: { indices: number[]; script: number }[] = [];
  for (const index of bidi.getReorderedIndices(text, found)) {
    const script = scriptOf(text[index] ?? '');
    const last = runs.at(-1);
    const before = last?.indices.at(-1);
    const goesOn =
      before !== undefined && level(before) === level(index) && Math.abs(before - index) === 1;
    if (last && goesOn && (script === -1 || last.script === -1 || script === last.script)) {
      last.indices.push(index);
      last.script = Math.max(script, last.script);
    } else runs.push({ indices: [index], script });
  }
  return runs.map(({ indices, script }) => {
    const letters = indices
      .toSorted((a, b) => a - b)
      .map((index) => mirrored.get(index) ?? text[index] ?? '');
    const isTurned = level(indices[0] ?? 0) % 2 === 1;
    return runOf(letters.join(''), { isTurned, hasScript: script >= 0 });
  });
}

// A font turns Hebrew and Arabic itself, but not the blanks and brackets between numbers.
function runOf(logical: string, is: { isTurned: boolean; hasScript: boolean }): Run {
  if (is.isTurned && is.hasScript) return { text: logical, isRightToLeft: true };
  const text = is.isTurned ? [...logical].toReversed().join('') : logical;
  return { text, isRightToLeft: false };
}
