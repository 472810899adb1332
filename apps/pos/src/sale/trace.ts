import { currentRequest, formatTraceparent } from '@onecount/telemetry';

/** Trace of the request at hand, for an event that a stored function writes. */
export function traceparentNow(): string | undefined {
  const trace = currentRequest()?.trace;
  return trace && formatTraceparent(trace);
}
