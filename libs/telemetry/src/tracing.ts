import { currentRequest, runInRequestContext } from './request-context.ts';
import { continueTrace } from './traceparent.ts';

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

/** Work that no request brought, such as a consumed event: its own context on the event's trace. */
export function runInTrace<T>(
  options: { requestId: string; tenantId?: string; traceparent?: string | undefined },
  run: () => T,
): T {
  const trace = options.traceparent ? continueTrace(options.traceparent) : currentRequest()?.trace;
  return runInRequestContext(
    { requestId: options.requestId, tenantId: options.tenantId, trace: trace ?? continueTrace('') },
    run,
  );
}
