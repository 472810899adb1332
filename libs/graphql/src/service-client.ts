import { Pool, errors, type Dispatcher } from 'undici';
import type { InternalTokenSigner } from '@onecount/identity';
import { currentRequest, currentTraceparent, withSpan } from '@onecount/telemetry';
import {
  ServiceRefusedError,
  ServiceTimeoutError,
  ServiceUnavailableError,
} from './service-client.errors.ts';

export type ServiceOperation = { name: string; query: string };
export type ServiceClient = {
  /** Answers the operation's data; throws ServiceUnavailableError, ServiceTimeoutError or ServiceRefusedError. */
  call<Data>(
    caller: { tenantId: string; subject: string },
    operation: ServiceOperation,
    variables: Record<string, unknown>,
  ): Promise<Data>;
  close(): Promise<void>;
};
export type ServiceClientOptions = {
  /** Where the service listens, `http://127.0.0.1:4102`; the path is always /graphql. */
  url: string;
  audience: string;
  signer: Pick<InternalTokenSigner, 'tokenFor'>;
  timeoutMs?: number;
  /** The limit is this many times as long: 1 unless the machine is slow. */
  timeoutFactor?: number;
  connectionsMax?: number;
};

const timeoutMsDefault = 3000;
const responseBytesMax = 4 * 1024 * 1024;
const noScopes: ReadonlySet<string> = new Set();

type Answer = {
  data?: unknown;
  errors?: { message: string; extensions?: { code?: unknown } }[];
};

/**
 * Commands to another subgraph: one pool of kept-alive connections, one JSON text each way, the internal
 * token cached by its signer. What the callee may check is `service:<us>`, which our key proves.
 */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const { audience, signer } = options;
  const timeoutMs = (options.timeoutMs ?? timeoutMsDefault) * (options.timeoutFactor ?? 1);
  const pool = createPool(options);
  return {
    async call<Data>(
      caller: { tenantId: string; subject: string },
      operation: ServiceOperation,
      variables: Record<string, unknown>,
    ): Promise<Data> {
      const token = await signer.tokenFor({
        audience,
        tenantId: caller.tenantId,
        subject: caller.subject,
        scopes: noScopes,
      });
      const body = requestBody(operation, variables);
      const answer = await withSpan({ name: `${audience} ${operation.name}`, kind: 'client' }, () =>
        post(pool, { service: audience, token, body, timeoutMs }),
      );
      return dataOf<Data>(audience, answer);
    },
    close: () => pool.close(),
  };
}

function createPool(options: ServiceClientOptions): Pool {
  return new Pool(new URL(options.url).origin, {
    connections: options.connectionsMax ?? 64,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 60_000,
    connectTimeout: 1000 * (options.timeoutFactor ?? 1),
    maxResponseSize: responseBytesMax,
    // One timer of ours covers the whole call.
    headersTimeout: 0,
    bodyTimeout: 0,
  } as Pool.Options);
}

// The text of an operation never changes, so the part of the body that repeats it is made once.
const bodyHeads = new WeakMap<ServiceOperation, string>();

function requestBody(operation: ServiceOperation, variables: Record<string, unknown>): string {
  let head = bodyHeads.get(operation);
  if (head === undefined) {
    const { name, query } = operation;
    head = `${JSON.stringify({ operationName: name, query }).slice(0, -1)},"variables":`;
    bodyHeads.set(operation, head);
  }
  return `${head}${JSON.stringify(variables)}}`;
}

type Post = { service: string; token: string; body: string; timeoutMs: number };

async function post(pool: Pool, { service, token, body, timeoutMs }: Post): Promise<Answer> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  try {
    const response = await pool.request({
      path: '/graphql',
      method: 'POST',
      headers: requestHeaders(token),
      body,
      signal: abort.signal,
    });
    return await answerOf(service, response);
  } catch (err) {
    if (abort.signal.aborted) throw new ServiceTimeoutError(service, timeoutMs);
    throw failureOf(service, err);
  } finally {
    clearTimeout(timer);
  }
}

function requestHeaders(token: string): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
  };
  const request = currentRequest();
  if (request) headers['x-request-id'] = request.requestId;
  const traceparent = currentTraceparent();
  if (traceparent) headers['traceparent'] = traceparent;
  return headers;
}

async function answerOf(service: string, response: Dispatcher.ResponseData): Promise<Answer> {
  const text = await response.body.text();
  // 503 is what a draining process says; a proxy in between may answer with a page.
  if (response.statusCode >= 500) {
    throw new ServiceUnavailableError(service, { cause: `HTTP ${response.statusCode}` });
  }
  return JSON.parse(text) as Answer;
}

function failureOf(service: string, err: unknown): Error {
  if (err instanceof ServiceUnavailableError) return err;
  if (err instanceof errors.ResponseExceededMaxSizeError) {
    return new ServiceRefusedError(service, {
      code: undefined,
      message: `the answer is larger than ${responseBytesMax} bytes`,
    });
  }
  return new ServiceUnavailableError(service, { cause: err });
}

function dataOf<Data>(service: string, answer: Answer): Data {
  const error = answer.errors?.[0];
  if (error) {
    throw new ServiceRefusedError(service, {
      code: error.extensions?.code,
      message: error.message,
    });
  }
  return answer.data as Data;
}
