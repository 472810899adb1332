import { GraphQLError } from 'graphql';
import type { Logger } from '@onecount/telemetry';
import { createErrorFormatter } from './error-format.ts';

const logged: unknown[] = [];
const keep = (fields: unknown) => logged.push(fields);
const log = { error: keep, warn: keep } as unknown as Logger;
const format = createErrorFormatter(log);

function formatted(code: string) {
  const originalError = Object.assign(new Error('of the database'), { code });
  const error = new GraphQLError('of the database', { originalError, path: ['stockItem'] });
  return format({ ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR' } }, error);
}

test.each(['22021', '22P05'])('%s, a text that PostgreSQL cannot hold, is bad input', (code) => {
  logged.length = 0;
  expect(formatted(code)).toEqual({
    message: 'A text of the request has a character that cannot be stored (NUL).',
    path: ['stockItem'],
    extensions: { code: 'BAD_USER_INPUT' },
  });
  expect(logged).toEqual([]);
});

test.each(['55P03', '57014'])('%s, a wait that was cut off, may be asked again', (code) => {
  logged.length = 0;
  expect(formatted(code)).toEqual({
    message: 'The database was too busy with these rows. Send the same request again.',
    path: ['stockItem'],
    extensions: { code: 'SUBGRAPH_TIMEOUT' },
  });
  expect(logged).toHaveLength(1);
});

test.each(['ECONNREFUSED', '57P01', '57P03', '08006', '53300'])(
  '%s, a database that is away, may be asked again, and is no error of ours',
  (code) => {
    logged.length = 0;
    expect(formatted(code)).toEqual({
      message:
        'What this needs is not available at the moment. Send the same request again after a pause.',
      path: ['stockItem'],
      extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
    });
    expect(logged).toEqual([{ reason: 'of the database', path: ['stockItem'] }]);
  },
);

test('any other error of the database is masked and logged', () => {
  logged.length = 0;
  const { message, extensions } = formatted('42P01');
  expect(message).not.toContain('database');
  expect(extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  expect(logged).toHaveLength(1);
});
