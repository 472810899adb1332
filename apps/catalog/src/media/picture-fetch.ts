import { isIP } from 'node:net';
import {
  AddressRefusedError,
  guardedLookup,
  hostOf,
  isAllowed,
  type AddressRule,
} from '@onecount/outside-address';
import { Agent, request, type Dispatcher } from 'undici';

export type FetchProblem = 'ADDRESS_REFUSED' | 'NOT_FETCHED' | 'TOO_LARGE';
export type Fetched = { bytes: Buffer } | { problem: FetchProblem; detail: string };

const redirectsMax = 3;
/** For all hops and the body together: shorter than the gateway waits for a service. */
const timeoutMs = 6_000;

export type PictureFetch = ReturnType<typeof createPictureFetch>;

/**
 * Fetches a picture from elsewhere. Each hop is checked before it is made, a name by the very look-up of its
 * connection, so neither a redirect nor a name that changes its answer leads into the operator's network.
 */
export function createPictureFetch(rule: AddressRule & { bytesMax: number }) {
  const agent = new Agent({
    connect: { lookup: guardedLookup(rule), timeout: timeoutMs },
    connections: 4,
    keepAliveTimeout: 1_000,
  });
  return {
    async fetch(address: string): Promise<Fetched> {
      try {
        return await follow(address, AbortSignal.timeout(timeoutMs));
      } catch (err) {
        const isRefused = [err, (err as Error).cause].some(
          (one) => one instanceof AddressRefusedError,
        );
        return { problem: isRefused ? 'ADDRESS_REFUSED' : 'NOT_FETCHED', detail: reasonOf(err) };
      }
    },
    close: () => agent.destroy(),
  };

  async function follow(address: string, signal: AbortSignal): Promise<Fetched> {
    let url = checked(new URL(address));
    for (let hop = 0; hop <= redirectsMax; hop += 1) {
      const answer = await request(url, { dispatcher: agent, headers, signal });
      const next = answer.headers['location'];
      if (answer.statusCode < 300 || answer.statusCode > 399 || typeof next !== 'string')
        return read(answer);
      await answer.body.dump();
      url = checked(new URL(next, url));
    }
    return { problem: 'NOT_FETCHED', detail: `more than ${redirectsMax} redirects` };
  }

  function checked(url: URL): URL {
    const host = hostOf(url);
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      throw new AddressRefusedError('it leads to another protocol than http and https');
    if (url.username || url.password)
      throw new AddressRefusedError('it carries a name or a password');
    // A literal is not looked up, so the lookup does not see it.
    if (isIP(host) && !isAllowed(host, rule))
      throw new AddressRefusedError('it leads into a private network');
    return url;
  }

  async function read({ statusCode, body }: Dispatcher.ResponseData): Promise<Fetched> {
    if (statusCode !== 200) {
      await body.dump();
      return { problem: 'NOT_FETCHED', detail: `the answer was ${statusCode}` };
    }
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    // Counted as they come: a length that was announced binds nobody.
    for await (const chunk of body as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > rule.bytesMax)
        return { problem: 'TOO_LARGE', detail: `it has more than ${rule.bytesMax} bytes` };
      chunks.push(chunk);
    }
    return { bytes: Buffer.concat(chunks) };
  }
}

const headers = { accept: 'image/*', 'user-agent': 'onecount-media' };

function reasonOf(err: unknown): string {
  if (!(err instanceof Error)) return String(err);
  if (err.name === 'TimeoutError') return `no whole answer within ${timeoutMs / 1000} s`;
  return err instanceof AddressRefusedError
    ? err.message
    : `it could not be reached (${(err as NodeJS.ErrnoException).code ?? err.name})`;
}
