import { currentTraceparent, runInRequestContext } from './request-context.ts';
import { formatTraceparent, newTrace, parseTraceparent } from './traceparent.ts';
import { continueTrace } from './tracing.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('traceparent', () => {
  test('is read and written unchanged', () => {
    const header = `00-${traceId}-${spanId}-01`;
    const parsed = parseTraceparent(header);
    expect(parsed).toEqual({ traceId, spanId, isSampled: true });
    expect(formatTraceparent(parsed!)).toBe(header);
  });

  test('of a later version may carry more', () => {
    expect(parseTraceparent(`01-${traceId}-${spanId}-00-more`)).toEqual({
      traceId,
      spanId,
      isSampled: false,
    });
  });

  test.each([
    ['nothing', undefined],
    ['a list of headers', [`00-${traceId}-${spanId}-01`]],
    ['capitals', `00-${traceId.toUpperCase()}-${spanId}-01`],
    ['a zero trace id', `00-${'0'.repeat(32)}-${spanId}-01`],
    ['a zero span id', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${traceId}-${spanId}-01`],
    ['version 00 with more', `00-${traceId}-${spanId}-01-more`],
    ['a line break', `00-${traceId}-${spanId}-01\n`],
  ])('is not read from %s', (_what, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  test('of the work at hand is its trace, and none outside of any', () => {
    const header = `00-${traceId}-${spanId}-01`;
    const context = { requestId: 'r-1', trace: parseTraceparent(header)! };
    expect(runInRequestContext(context, currentTraceparent)).toBe(header);
    expect(runInRequestContext({ requestId: 'r-2' }, currentTraceparent)).toBeNull();
    expect(currentTraceparent()).toBeNull();
  });

  test('continues a trace with a span of this process', () => {
    const continued = continueTrace(`00-${traceId}-${spanId}-01`);
    expect(continued.traceId).toBe(traceId);
    expect(continued.isSampled).toBe(true);
    expect(continued.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(continued.spanId).not.toBe(spanId);
  });

  test('begins an unsampled trace when none was given', () => {
    const begun = continueTrace(undefined);
    expect(parseTraceparent(formatTraceparent(begun))).toMatchObject({ isSampled: false });
    expect(newTrace().traceId).not.toBe(begun.traceId);
  });
});
