import type { GraphQLDataSource } from '@apollo/gateway';
import type {
  GatewayGraphQLRequest,
  GatewayGraphQLResponse,
} from '@apollo/server-gateway-interface';
import { errorCodes, isErrorCode } from '@onecount/graphql';
import type { InternalTokenSigner } from '@onecount/identity';
import { histogram, withSpan, type Logger } from '@onecount/telemetry';
import { GraphQLError } from 'graphql';
import { Pool } from 'undici';
import type { GatewayContext } from '../context.ts';
import { httpPost, ResponseTimeout, type HttpAnswer } from './http-post.ts';
import { sendInPieces } from './representations.ts';
import { requestHeaders } from './request-headers.ts';
import {
  subgraphClosed,
  subgraphFault,
  subgraphTimeout,
  subgraphUnavailable,
} from './subgraph.errors.ts';
import { createTrust, type Trust } from './subgraph.trust.ts';

type SubgraphRequest = Pick<GatewayGraphQLRequest, 'query' | 'operationName' | 'variables'>;
export type SubgraphDataSource = GraphQLDataSource<GatewayContext> & {
  fetch(request: SubgraphRequest, context: GatewayContext): Promise<GatewayGraphQLResponse>;
  close(): Promise<void>;
};
export type SubgraphDataSourceOptions = {
  name: string;
  url: string;
  timeoutMs: number;
  signer: InternalTokenSigner;
  log: Logger;
  responseBytesMax?: number;
};
type Outcome = 'ok' | 'errors' | 'timeout' | 'unavailable';

const responseBytesMaxDefault = 16 * 1024 * 1024;
const queryTextsMax = 2_000;

/**
 * Asks one subgraph: a pool of kept-alive connections, one JSON text out and one in. In place of
 * RemoteGraphQLDataSource, which took nearly half of the gateway's CPU and has no timeout (docs/adr/0081).
 * Nothing of the client's request goes on but its identity, signed anew, its trace and its request id.
 */
export function createSubgraphDataSource(options: SubgraphDataSourceOptions): SubgraphDataSource {
  const { name, log, timeoutMs } = options;
  const pool = createPool(options);
  const queryText = createQueryTexts();
  const responseBytesMax = options.responseBytesMax ?? responseBytesMaxDefault;
  const observe = createObserver(name);
  const trust = createTrust(name, log);

  const post = async (
    context: GatewayContext,
    { body, isMutation }: { body: string; isMutation: boolean },
  ): Promise<GatewayGraphQLResponse> => {
    const headers = await requestHeaders(context, options);
    const startedAt = performance.now();
    let outcome: Outcome = 'unavailable';
    try {
      const answer = await httpPost(pool, {
        path: '/graphql',
        headers,
        body,
        timeoutMs,
        responseBytesMax,
      });
      const response = responseOf(name, answer, { log, trust });
      outcome = response.errors ? 'errors' : 'ok';
      return response;
    } catch (err) {
      if (err instanceof ResponseTimeout) outcome = 'timeout';
      throw failureOf(err, { name, timeoutMs, isMutation, log });
    } finally {
      observe(outcome, startedAt);
    }
  };

  const ask: SubgraphDataSource['fetch'] = (request, context) => {
    const { query = '', operationName, variables = {} } = request;
    const { head, isMutation } = queryText(query, operationName);
    return withSpan({ name: `${name} fetch`, kind: 'client' }, () =>
      sendInPieces(variables, (piece) =>
        post(context, { body: `${head},"variables":${JSON.stringify(piece)}}`, isMutation }),
      ),
    );
  };
  return {
    fetch: ask,
    process: ({ request, context }) => ask(request, context as GatewayContext),
    close: () => pool.close(),
  };
}

function createPool({ url, timeoutMs }: SubgraphDataSourceOptions): Pool {
  return new Pool(new URL(url).origin, {
    connections: 128,
    pipelining: 1,
    connectTimeout: timeoutMs / 10,
    // Shorter than the subgraphs keep theirs, so that nobody closes one under a request.
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 60_000,
    // One timer of ours spans the whole call.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

type QueryText = { head: string; isMutation: boolean };

// A plan's fetch has the same text each time: it is turned into JSON once, not per request.
function createQueryTexts() {
  const texts = new Map<string, QueryText>();
  return (query: string, operationName: string | undefined): QueryText => {
    const known = texts.get(query);
    if (known !== undefined) return known;
    if (texts.size >= queryTextsMax) texts.clear();
    const head = JSON.stringify({ query, operationName }).slice(0, -1);
    const text = { head, isMutation: query.startsWith('mutation') };
    texts.set(query, text);
    return text;
  };
}

function responseOf(
  name: string,
  { status, text, date }: HttpAnswer,
  { log, trust }: { log: Logger; trust: Trust },
): GatewayGraphQLResponse {
  // 5xx is a process that starts, drains or is gone behind a proxy; 4xx is a request we built wrongly.
  const response = status < 500 ? parsed(text) : undefined;
  if (response === undefined) {
    log.warn(
      { subgraph: name, status },
      'a subgraph answered something that is no GraphQL response',
    );
    throw subgraphUnavailable(name);
  }
  if (response.errors?.some(isUnauthenticated)) {
    trust.refused(date);
    throw subgraphClosed(name);
  }
  trust.accepted();
  const fault = response.errors?.find(isOurFault);
  if (fault) {
    log.error({ subgraph: name, status, fault }, 'a subgraph refused a request of the gateway');
    throw subgraphFault(name);
  }
  return response;
}

function parsed(text: string): GatewayGraphQLResponse | undefined {
  try {
    const body = JSON.parse(text) as GatewayGraphQLResponse | null;
    const isResponse =
      typeof body === 'object' && body !== null && ('data' in body || 'errors' in body);
    return isResponse ? body : undefined;
  } catch {
    return undefined;
  }
}

type SubgraphError = { extensions?: Record<string, unknown> };

// The client wrote neither the internal token nor the fetch: told such a code, it would look for a
// mistake of its own.
const isUnauthenticated = ({ extensions }: SubgraphError) =>
  extensions?.['code'] === errorCodes.unauthenticated;

const ourFaults = new Set<string>([
  errorCodes.graphqlParseFailed,
  errorCodes.graphqlValidationFailed,
  errorCodes.operationResolutionFailure,
  errorCodes.badRequest,
]);

function isOurFault(error: SubgraphError): boolean {
  const code = error.extensions?.['code'];
  return isErrorCode(code) && ourFaults.has(code);
}

function failureOf(
  err: unknown,
  { name, log, ...fetch }: { name: string; timeoutMs: number; isMutation: boolean; log: Logger },
): GraphQLError {
  if (err instanceof GraphQLError) return err;
  log.warn({ subgraph: name, err }, 'a subgraph could not be asked');
  return err instanceof ResponseTimeout ? subgraphTimeout(name, fetch) : subgraphUnavailable(name);
}

function createObserver(subgraph: string) {
  const seconds = histogram<'subgraph' | 'outcome'>({
    name: 'onecount_gateway_subgraph_seconds',
    help: 'Time of one request to a subgraph.',
    labelNames: ['subgraph', 'outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  });
  const observers = new Map<Outcome, { observe(seconds: number): void }>();
  return (outcome: Outcome, startedAt: number): void => {
    let observer = observers.get(outcome);
    if (!observer) {
      observer = seconds.labels({ subgraph, outcome });
      observers.set(outcome, observer);
    }
    observer.observe((performance.now() - startedAt) / 1000);
  };
}
