import { setImmediate } from 'node:timers/promises';
import { drawingOf, type Drawing } from './label-drawing.ts';
import { createMeasure, lettersMissing, printable } from './label-font.ts';
import { layoutLabel, type Layout } from './label-layout.ts';
import { dotsPerMm } from './label-printer.ts';
import { placedSymbol, symbolOf } from './label-symbol.ts';
import { labelsAlike, labelUnprintable } from './label.errors.ts';
import {
  tellingFields,
  wholeFields,
  type LabelContent,
  type LabelField,
  type LabelSpec,
} from './label.ts';

/** A label as it will stand on the paper. */
export type Planned = { content: LabelContent; rows: string[]; drawing: Drawing };
type Unprintable = ReturnType<typeof labelUnprintable>;
type Problem = { labelField: LabelField | null; value: string; reason: string };

/** Each label as it will be printed, or the first that cannot be. */
export async function planLabels(
  spec: LabelSpec,
  contents: readonly LabelContent[],
): Promise<Planned[] | Unprintable> {
  const planOne = createPlanner(spec);
  const planned: Planned[] = [];
  for (const content of contents) {
    const label = planOne(content);
    if ('reason' in label) return labelUnprintable({ item: content.what, ...label });
    planned.push(label);
    // A QR code takes some 20 ms: other requests have their turn between two labels.
    await setImmediate();
  }
  return planned;
}

function createPlanner(spec: LabelSpec): (content: LabelContent) => Planned | Problem {
  const measure = createMeasure();
  return (content) => {
    const texts = spec.fields
      .map((field) => ({ field, text: printable(content.texts[field]) }))
      .filter(({ text }) => text !== '');
    const layout = layoutLabel(spec, texts, measure);
    const problem = textProblem(content, texts, layout);
    if (problem) return problem;
    const bars = barsOf(spec, content.code, layout);
    if ('reason' in bars) return { labelField: null, value: content.code, ...bars };
    return {
      content,
      rows: layout.lines.map(({ text }) => text),
      drawing: drawingOf(layout, bars),
    };
  };
}

function textProblem(
  content: LabelContent,
  texts: readonly { field: LabelField; text: string }[],
  { shortened }: Layout,
): Problem | undefined {
  for (const { field, text } of texts) {
    const missing = lettersMissing(text);
    if (missing)
      return {
        labelField: field,
        value: text,
        reason: `has letters that cannot be printed: ${missing}`,
      };
  }
  const field = shortened.find((one) => wholeFields.has(one));
  return (
    field && { labelField: field, value: content.texts[field], reason: 'is too long for the label' }
  );
}

function barsOf({ symbology, printer }: LabelSpec, code: string, { code: area }: Layout) {
  if (symbology === 'NONE' || area === null) return [];
  if (code === '') return { reason: `is missing, and the label has it as ${symbology}` };
  const symbol = symbolOf(symbology, code);
  if (symbol === undefined) return { reason: `cannot be printed as ${symbology}` };
  const placed = placedSymbol(symbol, area, dotsPerMm[printer]);
  if ('bars' in placed) return placed.bars;
  const room = Math.floor(area.width * 10) / 10;
  const needed = Math.ceil(placed.widthMmNeeded * 10) / 10;
  return { reason: `needs ${needed} mm as ${symbology}, and the label has ${room} mm for it` };
}

/** Two variants or units whose labels say the same. Compared as printed: texts that differ where they are cut are alike. */
export function alikeIn({ fields }: LabelSpec, labels: readonly Planned[]) {
  const seen = new Map<string, Planned>();
  for (const label of labels) {
    const key = JSON.stringify(fields.length > 0 ? label.rows : label.content.code);
    const other = seen.get(key);
    if (other !== undefined && other.content.id !== label.content.id) {
      const [first, second] = [other.content, label.content];
      const fieldsToAdd = tellingFields(fields, first, second);
      return labelsAlike({ first: first.what, second: second.what, fieldsToAdd });
    }
    seen.set(key, label);
  }
  return undefined;
}
