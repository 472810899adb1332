import { moneyText } from '@onecount/money';
import { gtin14 } from '@onecount/refusal';
import { variantFullTitle } from '../product/product.ts';
import type { UnitForLabel } from '../stock-command/inventory.client.ts';
import { codesOf } from '../variant/barcode.ts';
import { sellingPrice } from '../variant/selling-price.ts';
import type { VariantView } from '../variant/variant.sql.ts';
import type { LabelContent, LabelSpec, linkNames } from './label.ts';

type Prices = 'priceMinor' | 'compareAtPriceMinor' | 'listPriceMinor' | 'currencyCode';
type Sold = Pick<VariantView, 'id' | 'sku' | 'barcode' | 'productTitle' | 'optionValues' | Prices>;
type Coded = Pick<LabelSpec, 'symbology' | 'link'>;
type Scanned = Record<(typeof linkNames)[number], string> & { serial: string; stockCode: string };

/** What the label of a variant, or of one unit of it, says; `handle` is that of its product's page. */
export function contentOf(
  spec: Coded & Pick<LabelSpec, 'locale'>,
  { variant, handle, unit }: { variant: Sold; handle: string; unit: UnitForLabel | undefined },
): LabelContent {
  const { barcode, stockCode } = codesOf(variant.barcode);
  const scanned: Scanned = {
    ...{ handle, sku: variant.sku, barcode: barcode ?? '', stockCode: stockCode ?? '' },
    ...{ unitId: unit?.id ?? '', stockNumber: unit?.stockNumber ?? '', serial: unit?.serial ?? '' },
  };
  return {
    id: unit?.id ?? variant.id,
    what: scanned.stockNumber || scanned.serial || variant.sku,
    texts: {
      NAME: variant.productTitle,
      FULL_TITLE: variantFullTitle(variant.productTitle, variant.optionValues),
      OPTIONS: variant.optionValues.join(' / '),
      PRICE: priceOf(variant, spec.locale),
      SKU: variant.sku,
      BARCODE: scanned.barcode || scanned.stockCode,
      STOCK_NUMBER: scanned.stockNumber,
      SERIAL: scanned.serial,
      METAL: factsOf(unit, ['METAL', 'PURITY', 'WEIGHT']),
      STONES: factsOf(unit, ['STONES', 'SIZE']),
      CERTIFICATE: [unit?.certificateLab, unit?.certificateNumber].filter(Boolean).join(' '),
    },
    code: codeOf(spec, scanned),
  };
}

const factsOf = (unit: UnitForLabel | undefined, kinds: readonly string[]): string =>
  kinds
    .flatMap((kind) => unit?.attributes.filter((one) => one.kind === kind) ?? [])
    .map(({ value }) => value)
    .join(' ');

/** '' where there is nothing to scan. */
function codeOf({ symbology, link }: Coded, scanned: Scanned): string {
  // The forms of a GTIN are one number with more or fewer zeros before it.
  const gtin = gtin14(scanned.barcode) ?? '';
  const own = scanned.stockNumber || scanned.serial;
  switch (symbology) {
    case 'NONE':
      return '';
    case 'EAN':
      return gtin.replace(/^0{6}(?=\d{8}$)|^0/, '');
    case 'UPC':
      return gtin.replace(/^00/, '');
    case 'CODE128':
      return own || scanned.barcode || scanned.stockCode || scanned.sku;
    case 'QR':
      if (link !== null) return filled(link, scanned);
      return own || scanned.barcode || scanned.stockCode || scanned.sku;
  }
}

/** '' where a part of the link has no value: half an address leads nowhere. */
function filled(link: string, scanned: Scanned): string {
  const names = [...link.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as keyof Scanned);
  if (names.some((name) => !scanned[name])) return '';
  return link.replaceAll(/\{(\w+)\}/g, (_, name: keyof Scanned) =>
    encodeURIComponent(scanned[name]),
  );
}

function priceOf(variant: Pick<Sold, Prices>, locale: string): string {
  const { currencyCode } = variant;
  const amountMinor = sellingPrice(variant).priceMinor;
  if (amountMinor === null || currencyCode === null) return '';
  return moneyText({ amountMinor, currencyCode }, locale);
}
