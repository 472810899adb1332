import type { LabelPrinter, LabelSymbology } from './label.ts';

/** 203 dpi are 8 dots a millimetre. A PDF is drawn for 300 dpi: most office printers have 600. */
export const dotsPerMm: Record<LabelPrinter, number> = {
  ZPL_203: 8,
  ZPL_300: 300 / 25.4,
  PDF_SHEET: 300 / 25.4,
  PDF_ROLL: 300 / 25.4,
};

type Code = Exclude<LabelSymbology, 'NONE'>;

/**
 * Width of a module at least. EAN and UPC: the 0.264 mm of GS1's smallest size, less what a printer of 203 dpi rounds off;
 * QR: what phones read; Code 128: one dot of 203 dpi, for scanners of the shop's own.
 */
export const moduleMmMin: Record<Code, number> = { EAN: 0.25, UPC: 0.25, CODE128: 0.125, QR: 0.25 };

/** Modules of the shortest code, with its quiet zones: EAN-8, UPC-A, one character, version 1. */
const modulesMin: Record<Code, number> = { EAN: 81, UPC: 113, CODE128: 66, QR: 29 };

export const codeWidthMmMin = (symbology: Code): number =>
  modulesMin[symbology] * moduleMmMin[symbology];

/** Lower bars are hard to hit with a scanner. */
export const barHeightMmMin = 3;

const pdf = { extension: 'pdf', contentType: 'application/pdf' };
const zpl = { extension: 'zpl', contentType: 'application/zpl' };
export const fileTypes: Record<LabelPrinter, { extension: string; contentType: string }> = {
  ...{ PDF_SHEET: pdf, PDF_ROLL: pdf, ZPL_203: zpl, ZPL_300: zpl },
};
