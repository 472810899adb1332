import { AsyncLocalStorage } from 'node:async_hooks';
import { formatTraceparent, type Traceparent } from './traceparent.ts';

/** What every log line, outgoing call and span of one request (or one consumed event) has in common. */
export type RequestContext = {
  requestId: string;
  tenantId?: string;
  trace?: Traceparent;
};

const storage = new AsyncLocalStorage<RequestContext>();

export function runInRequestContext<T>(context: RequestContext, run: () => T): T {
  return storage.run(context, run);
}

export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** The trace of the work at hand as its header; for an event that is written, by a stored function too. */
export function currentTraceparent(): string | null {
  const trace = currentRequest()?.trace;
  return trace ? formatTraceparent(trace) : null;
}

const requestIdShape = /^[A-Za-z0-9_.:-]{1,128}$/;

/** A caller's request id is kept only in a shape that cannot forge or break a log line. */
export function acceptableRequestId(value: unknown): string | undefined {
  return typeof value === 'string' && requestIdShape.test(value) ? value : undefined;
}
