import { runInRequestContext } from './request-context.ts';
import { newSpanId, newTrace, parseTraceparent, type Traceparent } from './traceparent.ts';

export type SpanKind = 'server' | 'client' | 'producer' | 'consumer';
export type SpanOptions = { name: string; kind: SpanKind; attributes?: Record<string, string> };

/** What the OpenTelemetry side must be able to do; it is loaded only when an endpoint is configured. */
export type SpanRecorder = {
  record<T>(options: SpanOptions, run: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
};

let recorder: SpanRecorder | undefined;

/**
 * Starts exporting spans by OTLP over HTTP when an endpoint is given. Without one nothing of
 * OpenTelemetry is imported: trace ids still travel in `traceparent` and stand in the logs.
 */
export async function startTracing(options: {
  service: string;
  endpoint?: string | undefined;
}): Promise<{ stop(): Promise<void> }> {
  if (!options.endpoint) return { stop: async () => {} };
  const { createSpanRecorder } = await import('./tracing.otel.ts');
  const started = createSpanRecorder({ service: options.service, endpoint: options.endpoint });
  recorder = started;
  return {
    stop: async () => {
      recorder = undefined;
      await started.stop();
    },
  };
}

/** Runs a unit of work as a span of the current trace; free of cost unless tracing was started. */
export function withSpan<T>(options: SpanOptions, run: () => Promise<T>): Promise<T> {
  return recorder ? recorder.record(options, run) : run();
}

/**
 * The caller's trace, or one of our own. While spans are recorded the caller's span stays on top, as the
 * parent of the one to come; otherwise an id of this process marks where the request went through.
 */
export function continueTrace(header: unknown): Traceparent {
  const parent = parseTraceparent(header);
  if (!parent) return newTrace();
  return recorder ? parent : { ...parent, spanId: newSpanId() };
}

/** Work that no request brought, such as a consumed event: its own context on the event's trace. */
export function runInTrace<T>(
  options: { requestId: string; tenantId?: string; traceparent?: string | undefined },
  run: () => T,
): T {
  const { requestId, tenantId, traceparent } = options;
  const trace = continueTrace(traceparent);
  return runInRequestContext({ requestId, tenantId, trace }, run);
}
