import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';

const header = [
  ...['Handle', 'Title', 'Body (HTML)', 'Vendor', 'Product Category', 'Type', 'Tags'],
  ...['Option1 Name', 'Option1 Value', 'Option2 Name', 'Option2 Value', 'Variant SKU'],
  ...['Variant Grams', 'Variant Inventory Tracker', 'Variant Inventory Qty', 'Variant Price'],
  ...['Variant Barcode', 'Image Src', 'Image Position', 'Cost per item', 'Status'],
];
const sizes = 5;

/** A file of Shopify's columns, one row a variant, written in pieces; answers its bytes. */
export async function writeProductFile(
  path: string,
  { rows, perProduct }: { rows: number; perProduct: number },
): Promise<number> {
  const file = createWriteStream(path);
  file.write(`${header.join(',')}\n`);
  for (let row = 0; row < rows; row += 1) {
    if (!file.write(`${lineOf(Math.floor(row / perProduct), row % perProduct)}\n`)) {
      await once(file, 'drain');
    }
  }
  file.end();
  await once(file, 'close');
  return (await stat(path)).size;
}

function lineOf(product: number, variant: number): string {
  const number = String(product + 1).padStart(6, '0');
  const [color, size] = [Math.floor(variant / sizes) + 1, (variant % sizes) + 1];
  // Only the first row of a product carries what is said of the product.
  const own =
    variant === 0
      ? [
          `Bench tee ${number}`,
          `<p>Tee number ${number} of combed cotton.</p>`,
          `Vendor ${product % 40}`,
          `Clothing > Tees ${product % 25}`,
          ...['Tee', `"bench, line ${product % 100}"`],
        ]
      : ['', '', '', '', '', ''];
  const picture = variant === 0 ? [`https://pictures.test/${number}.jpg`, '1'] : ['', ''];
  return [
    `bench-tee-${number}`,
    ...own,
    ...['Color', `Color ${color}`, 'Size', `S${size}`],
    ...[`BT${number}-C${color}-S${size}`, '180', 'shopify', String((variant % 9) + 1)],
    ...[`${10 + (variant % 30)}.50`, gtin(product * 100 + variant), ...picture, '4.20', 'active'],
  ].join(',');
}

/** An EAN-13 with its check digit. */
function gtin(number: number): string {
  const digits = `40${String(number).padStart(10, '0')}`;
  const sum = [...digits].reduce(
    (all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 1 : 3),
    0,
  );
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
