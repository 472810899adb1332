import { tenantA } from '@onecount/local-stack';
import type pg from 'pg';

export const variantsPerProduct = 20;
const batch = 500;

// Names of four words: two of a few dozen, one of a vocabulary of 8,000, one of them all that its product alone has.
const syllables = 'ba ke li mo ru sa te vi zo na pe qui dra fle gro han jol kri lam mun'.split(' ');
const syllableArray = `ARRAY['${syllables.join("','")}']`;
const words = {
  material: `ARRAY['Gold','Silver','Platinum','Cotton','Linen','Wool','Leather','Rosé','Pearl','Onyx']`,
  kind: `ARRAY['Necklace','Bracelet','Earring','Brooch','Shirt','Jacket','Sweater','Scarf','Ring','Pendant']`,
  colour: `ARRAY['Red','Blue','Green','Black','White']`,
  size: `ARRAY['S','M','L','XL']`,
};
const oneOf = (list: string, n: string): string => `(${list})[1 + ${n} % cardinality(${list})]`;
/** A word of three syllables, one of 8,000. */
const collectionOf = (n: string): string =>
  `initcap(${['1', '20', '400'].map((d) => `(${syllableArray})[1 + (${n} / ${d}) % 20]`).join(' || ')})`;
const idOf = (kind: string, n: string): string =>
  `('0190000${kind}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

/** The SKU of variant `v` (0–19) of product `n`, as the catalogue is generated. */
export const skuOf = (n: number, v: number): string =>
  `NXJ${String(n).padStart(6, '0')}-${['RED', 'BLU', 'GRN', 'BLK', 'WHT'][v % 5]}-${['S', 'M', 'L', 'XL'][v % 4]}`;
const sku = `'NXJ' || lpad(n::text, 6, '0') || '-' || ${oneOf(`ARRAY['RED','BLU','GRN','BLK','WHT']`, 'v')} || '-' || ${oneOf(words.size, 'v')}`;

const nameOf = (n: number): string =>
  [1, 20, 400].map((d) => syllables[Math.floor(n / d) % 20]).join('');

/** What people look for product `n` by: common words and rare ones, beginnings, a SKU, a misspelt word. */
export function queriesFor(n: number): string[] {
  const kind = [
    'necklace',
    'bracelet',
    'earring',
    'brooch',
    'shirt',
    'jacket',
    'sweater',
    'scarf',
    'ring',
    'pendant',
  ][Math.floor(n / 3) % 10]!;
  const collection = nameOf(n * 7919);
  return [
    kind,
    `${kind} ${collection}`,
    collection.slice(0, 5),
    `${kind.slice(0, 4)} ${collection.slice(0, 4)}`,
    skuOf(n, 0),
    `nxj${String(n).padStart(6, '0')}`,
    // A letter too many.
    kind + kind.at(-1),
    barcodeOf(n, 3),
    'gold',
    `season ${n % 40} ${kind}`,
  ];
}

/** Restricted-circulation EAN-13 of variant `v` of product `n`. */
export function barcodeOf(n: number, v: number): string {
  const digits = `2${String(n * variantsPerProduct + v).padStart(11, '0')}`;
  const sum = [...digits].reduce((total, d, at) => total + Number(d) * (at % 2 === 0 ? 1 : 3), 0);
  return digits + String((10 - (sum % 10)) % 10);
}
const stem = `'2' || lpad((n * ${variantsPerProduct} + v)::text, 11, '0')`;
const checkDigit = `(SELECT (10 - sum(substr(${stem}, i, 1)::integer * CASE i % 2 WHEN 1 THEN 1 ELSE 3 END) % 10) % 10 FROM generate_series(1, 12) i)`;

const vendors = `INSERT INTO vendor (tenant_id, id, name)
  SELECT '${tenantA}', ${idOf('1', 'n')}, ${collectionOf('n * 37')} || ' ' || n FROM generate_series(0, 199) n`;
const products = `INSERT INTO product (tenant_id, id, handle, title, vendor_id, product_type, tags, status)
  SELECT '${tenantA}', ${idOf('2', 'n')}, 'bench-' || n,
    ${oneOf(words.material, 'n / 7')} || ' ' || ${oneOf(words.kind, 'n / 3')} || ' ' || ${collectionOf('n * 7919')} || ' ' || n,
    ${idOf('1', 'n % 200')}, ${oneOf(words.kind, 'n / 3')}, ARRAY['season ' || n % 40, ${oneOf(words.material, 'n / 7')}],
    CASE n % 20 WHEN 0 THEN 'DRAFT' ELSE 'ACTIVE' END
  FROM generate_series($1::integer, $2::integer) n`;
const variants = `INSERT INTO variant (tenant_id, id, product_id, position, sku, barcode, title, option_values, currency_code, price_minor, tracking)
  SELECT '${tenantA}', ${idOf('3', `n * ${variantsPerProduct} + v`)}, ${idOf('2', 'n')}, v + 1, ${sku}, ${stem} || ${checkDigit},
    ${oneOf(words.colour, 'v')} || ' / ' || ${oneOf(words.size, 'v')},
    ARRAY[${oneOf(words.colour, 'v')}, ${oneOf(words.size, 'v')}], 'USD', 1000 + (n * 7919) % 100000, 'QUANTITY'
  FROM generate_series($1::integer, $2::integer) n, generate_series(0, ${variantsPerProduct - 1}) v`;
const index = `SELECT product_index('${tenantA}', array_agg(${idOf('2', 'n')})) FROM generate_series($1::integer, $2::integer) n`;

/** Products of 20 variants, straight into the database, indexed by the catalog's own function. */
export async function generateCatalogue(
  admin: pg.Client,
  { variants: rows, say }: { variants: number; say(line: string): void },
): Promise<number> {
  const total = Math.max(1, Math.round(rows / variantsPerProduct));
  await admin.query(vendors);
  for (let from = 0; from < total; from += batch) {
    const range = [from, Math.min(from + batch, total) - 1];
    for (const text of [products, variants, index]) await admin.query(text, range);
    if (from > 0 && from % 10_000 === 0) say(`${from * variantsPerProduct} of ${rows} variants`);
  }
  await admin.query('VACUUM ANALYZE');
  return total;
}
