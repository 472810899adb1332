import { isConnectionFailure, isContention } from './database-outage.ts';

const failure = (message: string, code?: string) => Object.assign(new Error(message), { code });

test.each([
  failure('terminating connection due to administrator command', '57P01'),
  failure('the database system is starting up', '57P03'),
  failure('sorry, too many clients already', '53300'),
  failure('connection failure', '08006'),
  failure('cannot execute INSERT in a read-only transaction', '25006'),
  failure('connect ECONNREFUSED', 'ECONNREFUSED'),
  failure('Connection terminated unexpectedly'),
  failure('timeout exceeded when trying to connect'),
  new AggregateError([failure('connect ECONNREFUSED', 'ECONNREFUSED')]),
])('%p is a database that is away', (err) => expect(isConnectionFailure(err)).toBe(true));

test.each([
  failure('duplicate key value', '23505'),
  failure('canceling statement due to statement timeout', '57014'),
  failure('deadlock detected', '40P01'),
  new TypeError('cannot read properties of undefined'),
  'text',
  undefined,
])('%p is the fault of the work', (err) => expect(isConnectionFailure(err)).toBe(false));

test.each(['40001', '40P01', '55P03', '57014'])('%s may pass by itself', (code) =>
  expect(isContention(failure('a bad moment', code))).toBe(true),
);

test.each([failure('duplicate key value', '23505'), failure('planted', 'P0001'), undefined])(
  '%p will not pass by itself',
  (err) => expect(isContention(err)).toBe(false),
);
