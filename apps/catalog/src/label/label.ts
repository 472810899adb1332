/** What a label can say, in the order in which missing ones are proposed. */
export const labelFields = [
  'NAME',
  'FULL_TITLE',
  'OPTIONS',
  'PRICE',
  'SKU',
  'BARCODE',
  'STOCK_NUMBER',
  'SERIAL',
  'METAL',
  'STONES',
  'CERTIFICATE',
] as const;
export type LabelField = (typeof labelFields)[number];
export type LabelSymbology = 'NONE' | 'EAN' | 'UPC' | 'CODE128' | 'QR';
export type LabelPrinter = 'PDF_SHEET' | 'PDF_ROLL' | 'ZPL_203' | 'ZPL_300';
export type LabelTail = 'LEFT' | 'MIDDLE' | 'RIGHT';

/** How labels lie on a page; millimetres, as everything here. */
export type Sheet = {
  pageWidthMm: number;
  pageHeightMm: number;
  columns: number;
  rows: number;
  marginLeftMm: number;
  marginTopMm: number;
  pitchXMm: number;
  pitchYMm: number;
};

/** A label as a template describes it. */
export type LabelSpec = {
  name: string;
  fields: LabelField[];
  symbology: LabelSymbology;
  printer: LabelPrinter;
  widthMm: number;
  heightMm: number;
  /** Of a jewellery tag: the part that stays blank and goes around the piece; 0 for other labels. */
  tailMm: number;
  tailAt: LabelTail;
  sheet: Sheet | null;
  /** What a QR code leads to, with the placeholders of `linkNames`. */
  link: string | null;
  locale: string;
};

/** What one label says: '' where there is nothing to say. */
export type LabelContent = {
  /** Of the variant or unit, to tell two apart. */
  id: string;
  /** What people call it. */
  what: string;
  texts: Record<LabelField, string>;
  code: string;
};

export const linkNames = ['handle', 'sku', 'barcode', 'unitId', 'stockNumber'] as const;

/** Half a name or number is a wrong one: these are printed whole or not at all. */
export const wholeFields: ReadonlySet<LabelField> = new Set([
  ...(['PRICE', 'SKU', 'BARCODE', 'STOCK_NUMBER', 'SERIAL', 'CERTIFICATE'] as const),
]);

/** Sizes as the makers of the sheets give them. */
export const presets = {
  AVERY_L7160: {
    ...{ widthMm: 63.5, heightMm: 38.1 },
    sheet: {
      ...{ pageWidthMm: 210, pageHeightMm: 297, columns: 3, rows: 7 },
      ...{ marginLeftMm: 7.2, marginTopMm: 15.1, pitchXMm: 66.04, pitchYMm: 38.1 },
    },
  },
  AVERY_5160: {
    ...{ widthMm: 66.675, heightMm: 25.4 },
    sheet: {
      ...{ pageWidthMm: 215.9, pageHeightMm: 279.4, columns: 3, rows: 10 },
      ...{ marginLeftMm: 4.7625, marginTopMm: 12.7, pitchXMm: 69.85, pitchYMm: 25.4 },
    },
  },
} as const;

/** The fields that are not on the label and would tell the two apart. */
export const tellingFields = (
  printed: readonly LabelField[],
  one: LabelContent,
  other: LabelContent,
): LabelField[] =>
  labelFields.filter(
    (field) => !printed.includes(field) && one.texts[field] !== other.texts[field],
  );
