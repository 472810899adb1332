/** Short forms of option values and brands, by `abbreviationKey`. */
export type Abbreviations = ReadonlyMap<string, string>;

export const standardList: readonly (readonly [string, string])[] = [
  ['Red', 'RED'],
  ['Blue', 'BLU'],
  ['Black', 'BLK'],
  ['White', 'WHT'],
  ['Navy', 'NAV'],
  ['Green', 'GRN'],
  ['Grey', 'GRY'],
  ['Gray', 'GRY'],
  ['Cotton', 'COT'],
  ['Polyester', 'PLY'],
  ['Wool', 'WOL'],
  ['Small', 'S'],
  ['Medium', 'M'],
  ['Large', 'L'],
  ['Extra Large', 'XL'],
];

export const standardAbbreviations: Abbreviations = new Map(
  standardList.map(([value, short]) => [abbreviationKey(value), short]),
);

/** Two spellings of one value have one short form: "extra  large" is "Extra Large". */
export function abbreviationKey(value: string): string {
  return value.normalize('NFKC').trim().toLowerCase().replace(/\s+/gu, ' ');
}
