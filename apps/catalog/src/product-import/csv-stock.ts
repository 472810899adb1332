import { isLinkAddress } from '@onecount/refusal';
import type { OpeningStockDraft, SerialDraft, Tracking } from '../variant/variant.ts';
import type { Columns, Field } from './csv-columns.ts';
import type { RowReader } from './csv-row.ts';

export type RowStock = { tracking: Tracking; openingStock: OpeningStockDraft[] };

/**
 * How a row is counted: serials → SERIAL with these units; a quantity or a tracker → QUANTITY (real
 * files leave the tracker blank); neither → NONE, a service. A file that has neither column says nothing
 * about counting: its products are counted, with nothing on hand, and never sold without end.
 */
export function stockOf(
  reader: RowReader,
  { locationCode, columns }: { locationCode: string; columns: Columns },
): RowStock {
  const units = serialsOf(reader);
  const quantity = reader.quantity();
  if (reader.text('inventoryPolicy').toLowerCase() === 'continue') {
    const message =
      'It sold there without being on hand; here it sells what is on hand, unless a backorder limit is set.';
    reader.warn('inventoryPolicy', 'OVERSELL_NOT_KEPT', message);
  }
  const told = trackingOf(reader);
  if (told === 'NONE') return { tracking: 'NONE', openingStock: [] };
  if (units.length > 0) return serialStock(reader, { units, quantity, locationCode });
  if (told === 'SERIAL') return { tracking: 'SERIAL', openingStock: [] };
  if (quantity === undefined && told === 'QUANTITY') return { tracking: told, openingStock: [] };
  if (quantity === undefined) {
    const saysHow = columns.indexOf.has('tracker') || columns.indexOf.has('quantity');
    if (!saysHow) {
      const message = 'The file has no column of quantities: it is counted, with nothing on hand.';
      reader.warn('sku', 'NOT_COUNTED', message);
    }
    const isTracked = !saysHow || reader.filled('tracker', 'quantity');
    return { tracking: isTracked ? 'QUANTITY' : 'NONE', openingStock: [] };
  }
  const openingStock = quantity === 0 ? [] : [{ locationCode, quantity, serials: [] }];
  return { tracking: 'QUANTITY', openingStock };
}

/** What our own files say of it. */
function trackingOf(reader: RowReader): Tracking | undefined {
  const shown = reader.text('tracking').toUpperCase();
  if (shown === 'NONE' || shown === 'QUANTITY' || shown === 'SERIAL') return shown;
  if (shown !== '') {
    const message = `"${shown}" is none of NONE, QUANTITY and SERIAL.`;
    reader.wrong('tracking', 'BAD_TRACKING', message);
  }
  return undefined;
}

function serialStock(
  reader: RowReader,
  stock: { units: SerialDraft[]; quantity: number | undefined; locationCode: string },
): RowStock {
  const { units, quantity, locationCode } = stock;
  if (quantity !== undefined && quantity !== units.length) {
    const message = `The quantity is ${quantity}, and ${units.length} serial units are named.`;
    reader.wrong('quantity', 'SERIALS_DO_NOT_MATCH', message);
  }
  return {
    tracking: 'SERIAL',
    openingStock: [{ locationCode, quantity: units.length, serials: units }],
  };
}

/** The units of a row: their serials and stock numbers, and one certificate cell for each. */
function serialsOf(reader: RowReader): SerialDraft[] {
  const serials = listOf(reader, 'serials');
  const stockNumbers = listOf(reader, 'stockNumbers');
  const total = Math.max(serials.length, stockNumbers.length);
  if (serials.length > 0 && stockNumbers.length > 0 && serials.length !== stockNumbers.length) {
    const message = `${serials.length} serials and ${stockNumbers.length} stock numbers do not pair.`;
    reader.wrong('stockNumbers', 'SERIALS_DO_NOT_MATCH', message);
  }
  reportTwice(reader, 'serials', serials);
  reportTwice(reader, 'stockNumbers', stockNumbers);
  const certificates = certificatesOf(reader, total);
  return Array.from({ length: total }, (_, index) => ({
    ...(serials[index] ? { serial: serials[index] } : {}),
    ...(stockNumbers[index] ? { stockNumber: stockNumbers[index] } : {}),
    ...(certificates[index] ? { certificate: certificates[index] } : {}),
  }));
}

function listOf(reader: RowReader, field: Field): string[] {
  if (!reader.filled(field)) return [];
  const parts = reader.text(field).split(';');
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function reportTwice(reader: RowReader, field: Field, values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) {
    reader.wrong(field, 'DUPLICATE_SERIAL', `${twice} is named twice in this row.`);
  }
}

// Positions count here, also empty ones: "IGI-1;;IGI-3" leaves the second unit without certificate.
function certificatesOf(reader: RowReader, unitsTotal: number): SerialDraft['certificate'][] {
  const cells = (field: Field) =>
    reader.filled(field)
      ? reader
          .text(field)
          .split(';')
          .map((part) => part.trim())
      : [];
  const numbers = cells('certificateNumber');
  if (numbers.filter((number) => number !== '').length > 0 && numbers.length > unitsTotal) {
    const message = `${numbers.length} certificate numbers and ${unitsTotal} serial units do not pair.`;
    reader.wrong('certificateNumber', 'SERIALS_DO_NOT_MATCH', message);
  }
  const [labs, grades, urls] = [
    cells('certificateLab'),
    cells('certificateGrade'),
    cells('certificateUrl'),
  ];
  const address = urls.find((url) => url !== '' && !isLinkAddress(url));
  if (address !== undefined) {
    const message = `"${address.slice(0, 80)}" is no http or https address.`;
    reader.wrong('certificateUrl', 'BAD_URL', message);
  }
  return numbers.map((number, index) =>
    number === ''
      ? undefined
      : {
          number,
          ...valueAt('lab', labs, index),
          ...valueAt('grade', grades, index),
          ...valueAt('reportUrl', urls, index),
        },
  );
}

/** One lab for all units is written once. */
function valueAt<K extends string>(key: K, values: readonly string[], index: number) {
  const value = values.length === 1 ? values[0] : values[index];
  return (value ? { [key]: value } : {}) as { [P in K]?: string };
}
