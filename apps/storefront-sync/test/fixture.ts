import { uuidv7 } from '@onecount/db';
import type { EventData } from '@onecount/events';
import { startSubgraph, type SubgraphFixture } from '@onecount/testing';
import type { StorefrontConfig } from '../src/config.ts';
import { definition } from '../src/service.ts';

export { tenantB } from '@onecount/testing';

export type Fixture = SubgraphFixture;

type Settings = Pick<StorefrontConfig, 'ALLOW_LOOPBACK_WEBHOOKS' | 'WEBHOOK_SUSPEND_HOURS'>;
const settings: Settings = { ALLOW_LOOPBACK_WEBHOOKS: true, WEBHOOK_SUSPEND_HOURS: 72 };

export const startStorefront = (options: Partial<Settings> = {}): Promise<Fixture> =>
  startSubgraph(definition, {
    config: { ...settings, ...options },
    scopes: 'connection:read connection:write',
  });

type Product = EventData<'catalog.product-changed'>;
type Level = EventData<'inventory.stock-level-changed'>;
let made = 0;

/** A one-of-a-kind piece, as catalog publishes it. */
export function brooch(change: Partial<Product> = {}): Product {
  made += 1;
  const sku = `BROOCH-${made}`;
  return {
    ...{ productId: uuidv7(), version: 1, handle: sku.toLowerCase(), title: 'Swallow brooch' },
    ...{ status: 'ACTIVE', tags: [], options: [], media: [] },
    variants: [variantOf(sku)],
    ...change,
  };
}

export const variantOf = (
  sku: string,
  change: Partial<Product['variants'][number]> = {},
): Product['variants'][number] => ({
  ...{ variantId: uuidv7(), sku, title: sku, fullTitle: `Swallow brooch - ${sku}`, position: 1 },
  ...{ optionValues: [], tracking: 'SERIAL', isActive: true, isTaxable: true },
  ...{ requiresShipping: true, ...change },
});

/** A count, as inventory publishes it. */
export function levelOf(sku: string, change: Partial<Level> = {}): Level {
  const available = change.available ?? 1;
  return {
    ...{ stockItemId: uuidv7(), sku, tracking: 'SERIAL', locationId: uuidv7(), locationCode: 'HQ' },
    ...{ onHand: available, committed: 0, available, version: 1 },
    ...change,
  };
}

const createMutation = `mutation ($input: ConnectionCreateInput!) { connectionCreate(input: $input) {
  __typename
  ... on ConnectionCreateSuccess { webhookSecret connection { id name kind status webhookUrl
    locationCodes locationCodesUnseen } }
  ... on InvalidInput { code field message }
  ... on IdempotencyKeyReused { code idempotencyKey } } }`;

export function connectionMaker(storefront: Fixture) {
  return async (input: Record<string, unknown>, as?: { tenantId?: string; scopes?: string }) => {
    const full = { idempotencyKey: uuidv7(), name: `Shop ${uuidv7()}`, ...input };
    const answer = await storefront.graphql(createMutation, { input: full }, as);
    if (!answer.data) throw new Error(JSON.stringify(answer.errors));
    return answer.data['connectionCreate'];
  };
}
