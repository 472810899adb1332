import { createLogger } from './logger.ts';
import { acceptableRequestId, runInRequestContext } from './request-context.ts';

function capturedLogger() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { lines, log: createLogger({ service: 'pos', level: 'debug', destination }) };
}

describe('the log', () => {
  test('carries service, request, tenant and trace of the request that is running', () => {
    const { lines, log } = capturedLogger();
    const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: false };
    runInRequestContext({ requestId: 'r-1', tenantId: 't-1', trace }, () => log.info('sold'));
    log.info('idle');
    expect(lines[0]).toMatchObject({
      level: 'info',
      service: 'pos',
      requestId: 'r-1',
      tenantId: 't-1',
      traceId: 'a'.repeat(32),
      msg: 'sold',
    });
    expect(lines[1]).not.toHaveProperty('requestId');
  });

  test('hides credentials and whatever identifies a customer', () => {
    const { lines, log } = capturedLogger();
    log.info({
      authorization: 'Bearer secret-1',
      request: { headers: { authorization: 'Bearer secret-2', cookie: 'secret-3' } },
      sale: { customer: { name: 'secret-4' }, email: 'secret-5', phone: 'secret-6' },
      connection: { secret: 'secret-7', password: 'secret-8', token: 'secret-9' },
      saleId: 'visible',
    });
    expect(JSON.stringify(lines)).not.toContain('secret-');
    expect(lines[0]).toMatchObject({ saleId: 'visible' });
  });

  test('writes an error without the row that PostgreSQL quotes', () => {
    const { lines, log } = capturedLogger();
    const err = Object.assign(new Error('duplicate key value violates "sale_pkey"'), {
      code: '23505',
      constraint: 'sale_pkey',
      detail: 'Key (email)=(secret) already exists.',
      where: 'secret',
    });
    log.error({ err }, 'failed');
    expect(JSON.stringify(lines)).not.toContain('(secret)');
    expect(lines[0]).toMatchObject({
      err: { message: err.message, code: '23505', constraint: 'sale_pkey' },
    });
  });
});

describe('a request id', () => {
  test.each(['r-1', '01900000-0000-7000-8000-00000000000a', 'a'.repeat(128)])(
    '%s is kept',
    (id) => {
      expect(acceptableRequestId(id)).toBe(id);
    },
  );
  test.each(['', 'a b', 'a\nb', '{"level":"fatal"}', 'a'.repeat(129), undefined, ['a']])(
    '%j is not',
    (id) => {
      expect(acceptableRequestId(id)).toBeUndefined();
    },
  );
});
