import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import {
  AddressRefusedError,
  guardedLookup,
  hostOf,
  isAllowed,
  type AddressRule,
} from '@onecount/outside-address';
import { bodyOf, signatureOf } from './delivery.message.ts';
import type { LeasedListing } from './delivery.sql.ts';

/** `endpoint`: the shop as a whole failed. `listing`: the shop answers and refuses this one. */
export type DeliveryOutcome =
  { kind: 'delivered' } | { kind: 'failed'; blame: 'endpoint' | 'listing'; reason: string };

export type WebhookClient = {
  deliver(listing: LeasedListing): Promise<DeliveryOutcome>;
  close(): Promise<void>;
};

export const deliveryTimeoutMs = 5_000;
const answerBytesMax = 65_536;

export function createWebhookClient(rule: AddressRule): WebhookClient {
  const agent = new Agent({
    connect: { lookup: guardedLookup(rule), timeout: deliveryTimeoutMs },
    connections: 4,
    keepAliveTimeout: 10_000,
  });
  return {
    async deliver(listing) {
      try {
        return outcomeOf(await post(agent, rule, listing));
      } catch (err) {
        return { kind: 'failed', blame: 'endpoint', reason: reasonOf(err) };
      }
    },
    close: () => agent.close(),
  };
}

/** The status. Redirects are not followed: they would lead past the check of the address. */
async function post(agent: Agent, rule: AddressRule, listing: LeasedListing): Promise<number> {
  const url = new URL(listing.webhookUrl);
  const host = hostOf(url);
  // A literal is not looked up, so the lookup does not see it.
  if (isIP(host) && !isAllowed(host, rule)) {
    throw new AddressRefusedError('the address is in a private network');
  }
  const body = bodyOf(listing);
  const { statusCode, body: answer } = await request(url, {
    dispatcher: agent,
    method: 'POST',
    headers: headersOf(listing, body),
    body,
    signal: AbortSignal.timeout(deliveryTimeoutMs),
  });
  await answer.dump({ limit: answerBytesMax });
  return statusCode;
}

const headersOf = (listing: LeasedListing, body: string) => ({
  'content-type': 'application/json',
  'user-agent': 'onecount-webhook',
  'onecount-delivery': `${listing.listingId}:${listing.version}`,
  'onecount-signature': signatureOf(body, listing.webhookSecret, Math.floor(Date.now() / 1000)),
});

function outcomeOf(status: number): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const isAboutListing =
    status >= 400 && status < 500 && ![401, 403, 404, 410, 429].includes(status);
  return {
    kind: 'failed',
    blame: isAboutListing ? 'listing' : 'endpoint',
    reason: `the shop answered ${status}`,
  };
}

function reasonOf(err: unknown): string {
  if (!(err instanceof Error)) return String(err);
  if (err.name === 'TimeoutError') return `no answer within ${deliveryTimeoutMs / 1000} s`;
  const code = (err as NodeJS.ErrnoException).code;
  return code ? `${code}: ${err.message}` : err.message;
}
