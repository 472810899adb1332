import {
  ROOT_CONTEXT,
  SpanKind as OtelSpanKind,
  SpanStatusCode,
  TraceFlags,
  trace as otelTrace,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { currentRequest, runInRequestContext, type RequestContext } from './request-context.ts';
import type { SpanKind, SpanOptions, SpanRecorder } from './tracing.ts';

const kinds: Record<SpanKind, OtelSpanKind> = {
  server: OtelSpanKind.SERVER,
  client: OtelSpanKind.CLIENT,
  producer: OtelSpanKind.PRODUCER,
  consumer: OtelSpanKind.CONSUMER,
};

/**
 * Spans by OTLP over HTTP. The parent comes from our own request context instead of OpenTelemetry's
 * context manager and automatic instrumentation: one AsyncLocalStorage in the process, no patched modules.
 */
export function createSpanRecorder(options: { service: string; endpoint: string }): SpanRecorder {
  const url = `${options.endpoint.replace(/\/$/, '')}/v1/traces`;
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.service }),
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
  });
  const tracer = provider.getTracer('onecount');
  return {
    async record<T>(span: SpanOptions, run: () => Promise<T>): Promise<T> {
      const request = currentRequest();
      const started = tracer.startSpan(
        span.name,
        { kind: kinds[span.kind], attributes: span.attributes },
        parentOf(request),
      );
      return runInRequestContext(contextIn(request, started), () => finishing(started, run));
    },
    stop: () => provider.shutdown(),
  };
}

function parentOf(request: RequestContext | undefined): Context {
  const parent = request?.trace;
  if (!parent || parent.isRoot) return ROOT_CONTEXT;
  return otelTrace.setSpanContext(ROOT_CONTEXT, {
    traceId: parent.traceId,
    spanId: parent.spanId,
    traceFlags: parent.isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  });
}

function contextIn(request: RequestContext | undefined, span: Span): RequestContext {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const isSampled = (traceFlags & TraceFlags.SAMPLED) !== 0;
  return { requestId: '', ...request, trace: { traceId, spanId, isSampled } };
}

async function finishing<T>(span: Span, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (err) {
    // The message may carry a customer's data; the log has it under the same trace id, redacted.
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw err;
  } finally {
    span.end();
  }
}
