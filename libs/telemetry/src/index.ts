export {
  acceptableRequestId,
  currentRequest,
  currentTraceparent,
  runInRequestContext,
  type RequestContext,
} from './request-context.ts';
export { formatTraceparent, newTrace, parseTraceparent, type Traceparent } from './traceparent.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { counter, gauge, histogram, metrics, startProcessMetrics } from './metrics.ts';
export { continueTrace, runInTrace, startTracing, withSpan, type SpanOptions } from './tracing.ts';
