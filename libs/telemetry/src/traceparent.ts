import { randomBytes } from 'node:crypto';

/** W3C Trace Context, level 1: https://www.w3.org/TR/trace-context/#traceparent-header */
export type Traceparent = {
  traceId: string;
  spanId: string;
  isSampled: boolean;
  /** Begun here: no span of that id stands above ours. */
  isRoot?: boolean;
};

const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const noTrace = '0'.repeat(32);
const noSpan = '0'.repeat(16);

export function parseTraceparent(header: unknown): Traceparent | undefined {
  if (typeof header !== 'string') return undefined;
  const match = shape.exec(header);
  if (!match) return undefined;
  const [, version = 'ff', traceId = noTrace, spanId = noSpan, flags = '00', rest] = match;
  const isKnownVersion = version !== 'ff' && (version !== '00' || rest === undefined);
  if (!isKnownVersion || traceId === noTrace || spanId === noSpan) return undefined;
  return { traceId, spanId, isSampled: (parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent(trace: Traceparent): string {
  return `00-${trace.traceId}-${trace.spanId}-${trace.isSampled ? '01' : '00'}`;
}

/** A trace of our own: unsampled, so that ids reach every log line and no collector is burdened. */
export function newTrace(): Traceparent {
  const bytes = randomBytes(24).toString('hex');
  return { traceId: bytes.slice(0, 32), spanId: bytes.slice(32), isSampled: false, isRoot: true };
}

export function newSpanId(): string {
  return randomBytes(8).toString('hex');
}
