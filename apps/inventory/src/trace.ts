import { currentRequest, formatTraceparent } from '@onecount/telemetry';

/** The trace of the request under way, for events that a stored function writes. */
export function traceparent(): string | null {
  const trace = currentRequest()?.trace;
  return trace ? formatTraceparent(trace) : null;
}
