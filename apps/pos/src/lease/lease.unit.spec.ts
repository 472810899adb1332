import { checkTake, checkTimes, holdSecondsOf, sellSecondsOf, soldAtOf } from './lease.ts';

const takenAt = new Date('2026-12-01T08:00:00Z');
const now = new Date('2026-12-01T12:00:00Z');
const input = {
  ...{ registerId: 'till', device: 'Tablet', idempotencyKey: 'key' },
  lines: [{ sku: 'CHAIN' }],
};

it.each([
  ['is right', '2026-12-01T12:00:00Z', '2026-12-01T09:30:00Z', '2026-12-01T09:30:00.000Z'],
  ['is a day ahead', '2026-12-02T12:00:00Z', '2026-12-02T09:30:00Z', '2026-12-01T09:30:00.000Z'],
  ['is of 1970', '1970-01-01T03:00:00Z', '1970-01-01T00:30:00Z', '2026-12-01T09:30:00.000Z'],
  ['was set back a year', '2026-12-01T12:00:00Z', '2025-12-01T09:30:00Z', takenAt.toISOString()],
  [
    'has an offset',
    '2026-12-01T13:00:00+01:00',
    '2026-12-01T10:30:00+01:00',
    '2026-12-01T09:30:00.000Z',
  ],
])(
  'a sale of a device whose clock %s has the time of our clock',
  (_name, deviceTime, soldAt, is) => {
    expect(soldAtOf({ deviceTime, soldAt }, { takenAt, now }).toISOString()).toBe(is);
  },
);

it('a device that sells in its own future is asked to say it again', () => {
  const times = { deviceTime: '2026-12-01T12:00:00Z', soldAt: '2026-12-01T12:00:00.001Z' };
  expect(checkTimes(times)).toMatchObject({ field: 'soldAt', value: times.soldAt });
  expect(checkTimes({ ...times, soldAt: times.deviceTime })).toBeUndefined();
});

it('keeps stock an hour longer than the device may sell, and never more than a day', () => {
  expect([sellSecondsOf(input), holdSecondsOf(input)]).toEqual([28_800, 32_400]);
  expect(holdSecondsOf({ ...input, sellMinutes: 1380 })).toBe(86_400);
});

it.each([
  ['no lines', { lines: [] }, 'lines'],
  ['10,000 lines', { lines: Array.from({ length: 10_000 }, () => ({ sku: 'CHAIN' })) }, 'lines'],
  ['quantity -1', { lines: [{ sku: 'CHAIN', quantity: -1 }] }, 'lines.0.quantity'],
  [
    'a named piece twice',
    { lines: [{ sku: 'RING', serial: 'R', quantity: 2 }] },
    'lines.0.quantity',
  ],
  ['no SKU', { lines: [{ sku: '' }] }, 'lines.0.sku'],
  ['a device without a name', { device: ' ' }, 'device'],
  ['no time', { sellMinutes: 0 }, 'sellMinutes'],
  ['more than a day', { sellMinutes: 1381 }, 'sellMinutes'],
  ['no key', { idempotencyKey: '' }, 'idempotencyKey'],
])('refuses %s', (_name, part, field) => {
  expect(checkTake({ ...input, ...part })).toMatchObject({ __typename: 'InvalidInput', field });
});
