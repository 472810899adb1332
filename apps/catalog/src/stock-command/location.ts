import { ServiceCallError } from '@onecount/graphql';
import { checkId, invalidInput, type InvalidInput } from '@onecount/refusal';
import type { VariantDraft } from '../variant/variant.ts';
import type { InventoryClient } from './inventory.client.ts';

type Locations = Pick<InventoryClient, 'locationCode'>;

/** The codes of the locations that have opening stock of these variants, each once. */
export function locationsOf(variants: readonly Pick<VariantDraft, 'openingStock'>[]): string[] {
  const lines = variants.flatMap(({ openingStock }) => openingStock);
  return [...new Set(lines.map(({ locationCode }) => locationCode))];
}

/**
 * The first of the codes that no location has. When inventory cannot be asked, nothing is refused: the
 * stock command is stored and inventory has the last word.
 */
export async function unknownLocation(
  inventory: Locations,
  tenantId: string,
  codes: readonly string[],
): Promise<string | undefined> {
  try {
    const known = await Promise.all(
      codes.map((code) => inventory.locationCode(tenantId, { code })),
    );
    return codes.find((_, index) => !known[index]);
  } catch (err) {
    if (err instanceof ServiceCallError) return undefined;
    throw err;
  }
}

type NamedLocation = { locationId?: string | null; locationCode?: string | null };
type Stocked = { openingStock?: NamedLocation[] | null };
type WithStock = { variants?: Stocked[] | null; defaults?: Stocked | null };

/**
 * The code of a location that may be named by its id; empty when it is not named, the id itself when it is nobody's
 * (no code is as long, so that it is not found either). Catalog keeps codes, which it can
 * take while inventory is away; of an id it cannot say anything then, and ServiceCallError is thrown.
 */
export async function locationCodeOf(
  inventory: Locations,
  tenantId: string,
  { locationId, locationCode }: NamedLocation,
  at = '',
): Promise<string | InvalidInput> {
  if (!locationId) return locationCode ?? '';
  const misspelt = checkId(`${at}locationId`, locationId);
  if (misspelt) return misspelt;
  if (locationCode) {
    const message = `Give ${at}locationId or ${at}locationCode, not both.`;
    return invalidInput(`${at}locationId`, message);
  }
  const code = await inventory.locationCode(tenantId, { id: locationId });
  return code ?? locationId;
}

/** The same input with codes for every line of opening stock. */
export async function withLocationCodes<Input extends WithStock>(
  inventory: Locations,
  tenantId: string,
  input: Input,
): Promise<Input | InvalidInput> {
  const coded = structuredClone(input);
  const codeById = new Map<string, string>();
  for (const [at, line] of stockLines(coded)) {
    const { locationId } = line;
    const known = locationId && !line.locationCode ? codeById.get(locationId) : undefined;
    const code = known ?? (await locationCodeOf(inventory, tenantId, line, at));
    if (typeof code !== 'string') return code;
    if (locationId) codeById.set(locationId, code);
    line.locationCode = code;
  }
  return coded;
}

function stockLines({ variants, defaults }: WithStock): [at: string, line: NamedLocation][] {
  const all = [...(variants ?? []).map((one, index) => [`variants.${index}`, one] as const)];
  const stocked = defaults ? [...all, ['defaults', defaults] as const] : all;
  return stocked.flatMap(([at, { openingStock }]) =>
    (openingStock ?? []).map((line, index): [string, NamedLocation] => [
      `${at}.openingStock.${index}.`,
      line,
    ]),
  );
}
