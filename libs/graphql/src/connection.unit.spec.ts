import { connectionFrom, decodeCursor, encodeCursor, pageArgs } from './connection.ts';

const badCursor = 'after must be a cursor that this list has given out.';
const id = '01900000-0000-7000-8000-00000000000a';

describe('a page', () => {
  test('has 20 rows unless asked otherwise, and one more is fetched', () => {
    expect(pageArgs({})).toEqual({ first: 20, limit: 21, after: undefined });
    expect(pageArgs({ first: null, after: null })).toEqual({
      first: 20,
      limit: 21,
      after: undefined,
    });
    expect(pageArgs({ first: 100, after: 'x' })).toEqual({ first: 100, limit: 101, after: 'x' });
    expect(pageArgs({}, 50)).toMatchObject({ first: 50 });
  });

  test.each([0, -1, 101])('of %d rows is refused', (first) => {
    expect(() => pageArgs({ first })).toThrow(`first must be between 1 and 100, not ${first}.`);
  });

  test('that is empty has no cursors', () => {
    expect(connectionFrom([], { first: 5, cursorOf: String })).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  test('drops the extra row and says that more follows', () => {
    const page = connectionFrom(['a', 'b', 'c'], { first: 2, after: 'x', cursorOf: String });
    expect(page.nodes).toEqual(['a', 'b']);
    expect(page.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: true,
      startCursor: encodeCursor('a'),
      endCursor: encodeCursor('b'),
    });
  });
});

describe('a cursor', () => {
  test('comes back as its parts', () => {
    const cursor = encodeCursor(['2026-01-02T03:04:05.678Z', id]);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor(cursor, ['time', 'uuid'])).toEqual(['2026-01-02T03:04:05.678Z', id]);
    expect(decodeCursor(encodeCursor([7, 'Ring ✦']), ['integer', 'text'])).toEqual(['7', 'Ring ✦']);
    expect(decodeCursor(null)).toBeUndefined();
  });

  test.each([
    ['nonsense', 'nonsense'],
    ['nothing', ''],
    ['no list', Buffer.from('{"a":1}').toString('base64url')],
    ['no strings', Buffer.from('[1]').toString('base64url')],
    ['too few parts', encodeCursor([])],
    ['too many parts', encodeCursor([id, id])],
    ['SQL in place of an id', encodeCursor(["' OR 1=1 --"])],
    ['a part that is too long', encodeCursor('x'.repeat(5000))],
  ])('with %s is refused', (_what, cursor) => {
    expect(() => decodeCursor(cursor, ['uuid'])).toThrow(badCursor);
  });

  // Each of these would be an error of ours once PostgreSQL casts it.
  test.each([
    ['text', 'a\0b'],
    ['text', 'a\ud800'],
    ['time', '2026-02-31T00:00:00Z'],
    ['time', '2026-13-01T00:00:00Z'],
    ['time', '2026-01-01T24:00:00Z'],
    ['time', '0000-01-01T00:00:00Z'],
    ['time', '2026-01-01T00:00:00+99'],
  ] as const)('with the %s %j, which PostgreSQL cannot read, is refused', (part, value) => {
    expect(() => decodeCursor(encodeCursor([value]), [part])).toThrow(badCursor);
  });

  test('with a time as PostgreSQL writes it is taken', () => {
    const time = '2026-11-22 10:39:49.123456+00';
    expect(decodeCursor(encodeCursor([time]), ['time'])).toEqual([time]);
  });
});
