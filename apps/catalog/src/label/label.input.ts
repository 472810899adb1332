import {
  checkText,
  firstOf,
  invalidInput,
  isGiven,
  isWebAddress,
  type InvalidInput,
} from '@onecount/refusal';
import type { LabelTemplateInput } from '../generated/resolver-types.ts';
import { areasOf, emMin, rowsIn } from './label-area.ts';
import { barHeightMmMin, codeWidthMmMin } from './label-printer.ts';
import { linkNames, presets, type LabelSpec, type Sheet } from './label.ts';

type Check = InvalidInput | undefined;

/** A template as it is kept, or the first thing that is wrong with it. */
export function specOf(input: LabelTemplateInput): LabelSpec | InvalidInput {
  const preset = isGiven(input.preset) ? presets[input.preset] : undefined;
  const isSheet = input.printer === 'PDF_SHEET';
  if (preset && !isSheet) {
    return invalidInput(
      'template.preset',
      'A preset is a sheet: its printer is PDF_SHEET.',
      input.preset,
    );
  }
  const { widthMm, heightMm } = preset ?? input;
  if (!isGiven(widthMm) || !isGiven(heightMm)) {
    return invalidInput('template.widthMm', 'A label has a preset, or widthMm and heightMm.');
  }
  const sheet = isSheet ? (preset?.sheet ?? input.sheet ?? null) : null;
  const spec: LabelSpec = {
    ...{ name: input.name.trim(), fields: input.fields, symbology: input.symbology },
    ...{ printer: input.printer, widthMm, heightMm, sheet },
    ...{ tailMm: input.tailMm ?? 0, tailAt: input.tailAt ?? 'MIDDLE' },
    ...{ link: input.link ?? null, locale: input.locale ?? 'en' },
  };
  return specProblem(spec) ?? spec;
}

// In this order; each may rely on those before it.
function specProblem(spec: LabelSpec): Check {
  const { name, widthMm, heightMm, tailMm, printer, link, locale } = spec;
  return (
    firstOf(
      checkText('template.name', name, { min: 1, max: 100 }),
      within('template.widthMm', widthMm, [10, 300]),
      within('template.heightMm', heightMm, [5, 300]),
    ) ??
    within('template.tailMm', tailMm, [0, widthMm - 10]) ??
    (printer === 'PDF_SHEET' ? sheetProblem(spec) : undefined) ??
    fieldsProblem(spec) ??
    codeProblem(spec) ??
    (link === null ? undefined : linkProblem(link, spec)) ??
    localeProblem(locale)
  );
}

function within(field: string, value: number, [min, max]: [number, number]): Check {
  if (value >= min && value <= max) return undefined;
  return invalidInput(field, `${field} is from ${min} to ${max} mm.`, value);
}

function sheetProblem({ widthMm, heightMm, sheet }: LabelSpec): Check {
  if (sheet === null) return invalidInput('template.sheet', 'Sheets need a preset or a sheet.');
  for (const [name, value] of Object.entries(sheet)) {
    const least = name.startsWith('margin') ? 0 : 1;
    if (value < least || value > 1_000) {
      const message = `${name} is from ${least} to 1,000.`;
      return invalidInput(`template.sheet.${name}`, message, value);
    }
  }
  const { columns, rows } = sheet;
  if (columns * rows > 500) {
    return invalidInput(
      'template.sheet.columns',
      'A sheet has at most 500 labels.',
      columns * rows,
    );
  }
  return overlapProblem({ widthMm, heightMm }, sheet);
}

// Sizes are rounded where they are printed on the box.
const rounding = 0.05;

function overlapProblem(label: { widthMm: number; heightMm: number }, sheet: Sheet): Check {
  const { columns, rows, pitchXMm, pitchYMm } = sheet;
  if (columns > 1 && pitchXMm < label.widthMm - rounding) {
    return invalidInput('template.sheet.pitchXMm', 'The labels stand over each other.', pitchXMm);
  }
  if (rows > 1 && pitchYMm < label.heightMm - rounding) {
    return invalidInput('template.sheet.pitchYMm', 'The labels stand over each other.', pitchYMm);
  }
  const right = sheet.marginLeftMm + (columns - 1) * pitchXMm + label.widthMm;
  const bottom = sheet.marginTopMm + (rows - 1) * pitchYMm + label.heightMm;
  const edge = 'The labels end at';
  if (right > sheet.pageWidthMm + rounding) {
    const message = `${edge} ${right} mm, over the right edge of the page.`;
    return invalidInput('template.sheet.pageWidthMm', message, sheet.pageWidthMm);
  }
  if (bottom > sheet.pageHeightMm + rounding) {
    const message = `${edge} ${bottom} mm, over the lower edge of the page.`;
    return invalidInput('template.sheet.pageHeightMm', message, sheet.pageHeightMm);
  }
  return undefined;
}

function fieldsProblem(spec: LabelSpec): Check {
  const { fields, symbology } = spec;
  const twice = fields.find((field, index) => fields.indexOf(field) !== index);
  if (twice) return invalidInput('template.fields', 'A field stands there twice.', twice);
  if (fields.length === 0 && symbology === 'NONE') {
    return invalidInput('template.fields', 'A label has a field or a code.');
  }
  const room = rowsIn(areasOf(spec).text, emMin);
  if (fields.length <= room) return undefined;
  const message = `A label of this size has room for ${room} lines, not ${fields.length}.`;
  return invalidInput('template.fields', message, fields.length);
}

/** A label that no code of the kind fits on is refused before it is kept; a long code may still be too wide. */
function codeProblem(spec: LabelSpec): Check {
  const { symbology } = spec;
  const { code } = areasOf(spec);
  if (symbology === 'NONE' || code === null) return undefined;
  const needed = codeWidthMmMin(symbology);
  const high = symbology === 'QR' ? needed : barHeightMmMin;
  const isRoomy = code.width >= needed && code.height >= high;
  if (isRoomy) return undefined;
  const message = `${symbology} needs ${needed} × ${high} mm at least; a label of this size has ${shortMm(code.width)} × ${shortMm(code.height)} mm for it.`;
  return invalidInput('template.symbology', message, symbology);
}
const shortMm = (mm: number): number => Math.floor(Math.max(0, mm) * 10) / 10;

function linkProblem(link: string, { symbology }: LabelSpec): Check {
  const field = 'template.link';
  if (symbology !== 'QR') return invalidInput(field, 'Only a QR code leads to a link.', link);
  const unknown = [...link.matchAll(/\{([^{}]*)\}/g)]
    .map(([, name]) => name)
    .find((name) => !linkNames.some((known) => known === name));
  if (unknown !== undefined) {
    const known = linkNames.map((name) => `{${name}}`).join(', ');
    return invalidInput(field, `{${unknown}} is none of ${known}.`, link);
  }
  if (link.length <= 500 && isWebAddress(link.replaceAll(/[{}]/g, ''))) return undefined;
  return invalidInput(
    field,
    'A link begins with http or https and has at most 500 characters.',
    link,
  );
}

function localeProblem(locale: string): Check {
  try {
    return void new Intl.NumberFormat(locale);
  } catch {
    return invalidInput('template.locale', 'It is a language such as en or de-CH.', locale);
  }
}
