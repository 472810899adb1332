import { StackError } from '../stack.errors.ts';
import { devLocations } from './dev-tenants.ts';

const locationCreate = `mutation SeedLocation($input: LocationCreateInput!) {
  locationCreate(input: $input) {
    __typename
    ... on UserError { code message }
  }
}`;

type Answer = {
  data?: { locationCreate?: { __typename: string; code?: string; message?: string } };
  errors?: { message: string }[];
};

async function createLocation(
  graphqlUrl: string,
  token: string,
  location: (typeof devLocations)[number],
): Promise<void> {
  const input = { idempotencyKey: `dev-location-${location.code}`, ...location };
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: locationCreate, variables: { input } }),
  });
  const answer = (await response.json()) as Answer;
  const result = answer.data?.locationCreate;
  if (result?.__typename === 'LocationCreateSuccess') return;
  // The same key with the same input answers as the first time; a location that somebody made by hand
  // under this code is as good.
  if (result?.code && /TAKEN|EXISTS|DUPLICATE/.test(result.code)) return;
  const reason = answer.errors?.[0]?.message ?? result?.message ?? `HTTP ${response.status}`;
  throw new StackError(`Location ${location.code} could not be made: ${reason}`);
}

/** The locations of an owner's tenant; repeating it changes nothing. */
export async function seedTenant(graphqlUrl: string, owner: string): Promise<void> {
  await Promise.all(devLocations.map((location) => createLocation(graphqlUrl, owner, location)));
}
