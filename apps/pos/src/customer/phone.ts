import parsePhoneNumber, { isSupportedCountry, type CountryCode } from 'libphonenumber-js/min';

export type ParsedPhone = { number: string; national: string };

/** Null for a text that is no number, or a national one of a country that is not said or not known. */
export function parsePhone(text: string, countryCode?: string | null): ParsedPhone | null {
  const country = countryCode?.toUpperCase();
  if (country && !isSupportedCountry(country)) return null;
  const parsed = parsePhoneNumber(text, {
    ...(country && { defaultCountry: country as CountryCode }),
    extract: false,
  });
  // Possible, not valid: numbering plans grow faster than a library is updated.
  if (!parsed?.isPossible() || parsed.ext) return null;
  return { number: parsed.number, national: parsed.nationalNumber };
}
