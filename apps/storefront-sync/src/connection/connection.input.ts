import { checkKey, invalidInput, type InvalidInput } from '@onecount/refusal';
import { urlProblem, type AddressRule } from '@onecount/outside-address';

export type ConnectionCreateInput = {
  idempotencyKey: string;
  name: string;
  webhook: { url: string };
  locationCodes?: readonly string[] | null;
  requiresPhoto?: boolean | null;
};

const nameLengthMax = 100;
const locationsMax = 100;

/** The first thing that is wrong, in the order: key, name, locations, URL. */
export function createProblem(
  input: ConnectionCreateInput,
  rule: AddressRule,
): InvalidInput | undefined {
  const { idempotencyKey, name, webhook, locationCodes } = input;
  return (
    checkKey(idempotencyKey) ??
    nameProblem(name.trim()) ??
    locationsProblem(locationCodes) ??
    addressProblem(webhook.url, rule)
  );
}

function nameProblem(name: string): InvalidInput | undefined {
  if (name.length >= 1 && name.length <= nameLengthMax) return undefined;
  return invalidInput('name', `name must have 1 to ${nameLengthMax} characters.`, name);
}

function locationsProblem(codes: readonly string[] | null | undefined): InvalidInput | undefined {
  if (!codes) return undefined;
  if (codes.length < 1 || codes.length > locationsMax) {
    return invalidInput(
      'locationCodes',
      `locationCodes has 1 to ${locationsMax} codes, or is left out.`,
    );
  }
  const empty = codes.findIndex((code) => code.trim() === '');
  return empty === -1
    ? undefined
    : invalidInput(`locationCodes.${empty}`, 'A location code is empty.');
}

function addressProblem(url: string, rule: AddressRule): InvalidInput | undefined {
  const problem = urlProblem(url, rule);
  return problem === undefined ? undefined : invalidInput('webhook.url', problem, url);
}
