import { isUuid, refuse } from '@onecount/refusal';
import {
  exactlyOne,
  inputHash,
  migration,
  refusalFromConstraint,
  sql,
  tenantIdOf,
  tenantTable,
  uuidv7,
} from './index.ts';
import { breaksConnection } from './pg-errors.ts';

const pgError = (members: object) => Object.assign(new Error('from PostgreSQL'), members);

describe('inputHash', () => {
  test('does not depend on key order, on the idempotency key or on absent members', () => {
    const hash = inputHash({ a: 1, b: { c: [1, null], d: 'x' }, idempotencyKey: 'k1' });
    expect(
      inputHash({ idempotencyKey: 'k2', b: { d: 'x', c: [1, null], e: undefined }, a: 1 }),
    ).toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    [{ a: 1 }, { a: '1' }],
    [{ a: null }, {}],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: { b: 1 } }, { a: 1, b: 1 }],
    [{ a: { idempotencyKey: 'x' } }, { a: {} }],
  ])('%j differs from %j', (left, right) => {
    expect(inputHash(left)).not.toBe(inputHash(right));
  });

  test('reads objects without prototype as GraphQL makes them', () => {
    expect(inputHash(Object.assign(Object.create(null), { a: 1 }))).toBe(inputHash({ a: 1 }));
  });
});

test('a refusal stands for a constraint by its name only', () => {
  const refusal = refuse('UnitNotAvailable', 'UNIT_NOT_AVAILABLE', 'It is held.');
  const map = { hold_one_claim: () => refusal };
  const violation = pgError({ code: '23505', constraint: 'hold_one_claim' });
  expect(refusalFromConstraint(violation, map)).toBe(refusal);
  for (const other of [
    pgError({ code: '23505', constraint: 'toString' }),
    pgError({ code: '40001', constraint: 'hold_one_claim' }),
    new Error('bug'),
  ])
    expect(() => refusalFromConstraint(other, map)).toThrow(other);
});

describe('ids', () => {
  test('uuidv7 is valid, carries the time and strictly increases', () => {
    const before = Date.now();
    const ids = Array.from({ length: 10_000 }, uuidv7);
    expect(ids.every(isUuid)).toBe(true);
    expect(ids.every((id) => /^.{14}7.{4}[89ab]/.test(id))).toBe(true);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(10_000);
    const time = parseInt(ids[0]!.replace('-', '').slice(0, 12), 16);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  test('only a UUID is a tenant id', () => {
    expect(tenantIdOf('01900000-0000-7000-8000-00000000000a')).toBeDefined();
    for (const value of [
      '',
      "x'; --",
      undefined,
      '01900000-0000-7000-8000-00000000000a ',
      '01900000-0000-7000-8000-00000000000a\n',
    ])
      expect(() => tenantIdOf(value)).toThrow(TypeError);
  });
});

test('a statement name stands for one text and fits PostgreSQL', () => {
  expect(sql('unit.one', 'SELECT 1')).toEqual(sql('unit.one', 'SELECT 1'));
  expect(() => sql('unit.one', 'SELECT 2')).toThrow('two statements are named unit.one');
  expect(() => sql('x'.repeat(64), 'SELECT 1')).toThrow(RangeError);
});

test('exactlyOne refuses none and several', () => {
  expect(exactlyOne([7])).toBe(7);
  expect(() => exactlyOne([])).toThrow('got 0');
  expect(() => exactlyOne([1, 2])).toThrow('got 2');
});

test.each([
  [{ code: '57P01' }, true],
  [{ code: '25P03', severity: 'FATAL' }, true],
  [{ code: '25P02', severity: 'ERROR' }, false],
  [{ code: '08006' }, true],
  [{ code: 'ECONNRESET' }, true],
  [{ message: 'Connection terminated unexpectedly' }, true],
  [{ code: '0A000', routine: 'RevalidateCachedQuery' }, true],
  [{ code: '0A000', routine: 'other' }, false],
  [{ code: '23505' }, false],
  [{ message: 'a bug' }, false],
])('%j breaks the connection: %s', (members, expected) => {
  expect(breaksConnection(pgError(members))).toBe(expected);
});

test('names that would need quoting are refused', () => {
  expect(() => tenantTable('hold; DROP TABLE sale')).toThrow(TypeError);
  expect(() => migration('CreateHold', '')).toThrow(TypeError);
});
