import { areasOf, emMax, emMin, leading, rowsIn, type Box } from './label-area.ts';
import { isRightToLeft } from './label-bidi.ts';
import { shortened, wrapped, type Measure } from './label-wrap.ts';
import { wholeFields, type LabelField, type LabelSpec } from './label.ts';

/** `size` is the em; y is the top of the line, x the left of its area. Hebrew and Arabic start at its right. */
export type Line = { text: string; startsRight: boolean; size: number; x: number; y: number };
export type Layout = { lines: Line[]; area: Box; code: Box | null; shortened: LabelField[] };

type Text = { field: LabelField; text: string };
type Rows = { field: LabelField; rows: string[] }[];

const sizes = Array.from(
  { length: Math.round((emMax - emMin) * 10) + 1 },
  (_, i) => emMax - i / 10,
);

/**
 * Texts wrap and shrink until they fit: first between words, then within them, and at the smallest size those that may
 * be are cut with …. Nothing ever stands outside its area.
 */
export function layoutLabel(spec: LabelSpec, texts: readonly Text[], measure: Measure): Layout {
  const { text: area, code } = areasOf(spec);
  for (const breaksWords of [false, true]) {
    for (const size of sizes) {
      const found = rowsOf(texts, area.width / size, { measure, breaksWords });
      if (found && found.flatMap(({ rows }) => rows).length <= rowsIn(area, size)) {
        return { lines: placed(found, area, size), area, code, shortened: [] };
      }
    }
  }
  const { rows, cut } = cutRows(texts, area, measure);
  return { lines: placed(rows, area, emMin), area, code, shortened: cut };
}

function rowsOf(
  texts: readonly Text[],
  width: number,
  how: { measure: Measure; breaksWords: boolean },
): Rows | undefined {
  const found: Rows = [];
  for (const { field, text } of texts) {
    const rows = wrapped(text, width, how);
    if (rows === undefined) return undefined;
    found.push({ field, rows });
  }
  return found;
}

// Every text gets a line; the lines to spare go to those that must be whole first.
function cutRows(texts: readonly Text[], area: Box, measure: Measure) {
  const width = area.width / emMin;
  const all = rowsOf(texts, width, { measure, breaksWords: true }) ?? [];
  let spare = rowsIn(area, emMin) - all.length;
  const kept = new Map<LabelField, number>();
  for (const { field, rows } of [...all].sort((a, b) => rank(a.field) - rank(b.field))) {
    const more = Math.max(0, Math.min(spare, rows.length - 1));
    spare -= more;
    kept.set(field, 1 + more);
  }
  const isCut = ({ field, rows }: Rows[number]) => rows.length > (kept.get(field) ?? 0);
  const rows = all.map((each) => {
    const count = kept.get(each.field) ?? 1;
    if (!isCut(each)) return each;
    const rest = shortened(each.rows.slice(count - 1).join(' '), width, measure);
    return { field: each.field, rows: [...each.rows.slice(0, count - 1), rest] };
  });
  return { rows, cut: all.filter(isCut).map(({ field }) => field) };
}

const rank = (field: LabelField): number => (wholeFields.has(field) ? 0 : 1);

const placed = (found: Rows, area: Box, size: number): Line[] =>
  found
    .flatMap(({ rows }) => {
      const startsRight = isRightToLeft(rows[0] ?? '');
      return rows.map((text) => ({ text, startsRight }));
    })
    .map((line, index) => ({ ...line, size, x: area.x, y: area.y + index * size * leading }));
