import { setImmediate } from 'node:timers/promises';
import { isRefusal } from '@onecount/refusal';
import { bitmapOf, pngOf } from './label-bitmap.ts';
import { pdfOf } from './label-pdf.ts';
import { planLabels, type Planned } from './label-plan.ts';
import { dotsPerMm, fileTypes } from './label-printer.ts';
import { zplOf } from './label-zpl.ts';
import type { LabelContent, LabelSpec } from './label.ts';

/** Labels that were found printable: what they say is kept, how they look follows from it. */
export type LabelPrint = {
  spec: LabelSpec;
  labels: { content: LabelContent; copies: number }[];
  skip: number;
  createdAt: Date;
};

export async function* printFile(print: LabelPrint): AsyncGenerator<string | Uint8Array> {
  const { spec, labels } = print;
  const planned = await planLabels(
    spec,
    labels.map(({ content }) => content),
  );
  if (isRefusal(planned)) throw new Error(`labels that were printable are not: ${planned.message}`);
  const each = planned.map((label, index) => ({ label, copies: labels[index]?.copies ?? 0 }));
  if (fileTypes[spec.printer].extension === 'pdf') {
    const drawings = each.flatMap(({ label, copies }) => Array(copies).fill(label.drawing));
    yield* pdfOf(spec, drawings, print);
    return;
  }
  for (const { label, copies } of each) {
    yield zplOf(bitmapOf(spec, label.drawing, dotsPerMm[spec.printer]), copies);
    // Other requests have their turn between two labels.
    await setImmediate();
  }
}

export async function previewOf(spec: LabelSpec, { drawing, rows, content }: Planned) {
  const bitmap = bitmapOf(spec, drawing, dotsPerMm[spec.printer]);
  const png = await pngOf(bitmap);
  return {
    __typename: 'LabelPreview' as const,
    dataUrl: `data:image/png;base64,${png.toString('base64')}`,
    ...{ widthDots: bitmap.width, heightDots: bitmap.height },
    ...{ lines: rows, scanned: spec.symbology === 'NONE' ? null : content.code },
  };
}
