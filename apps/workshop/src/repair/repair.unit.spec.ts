import { canFollow, nextStages, stages, ticketNumberOf } from './repair.ts';
import { pieceOf, type RepairOpenInput } from './repair.input.ts';

test('the transition table names every stage and ends in two', () => {
  expect(Object.keys(nextStages)).toEqual([...stages]);
  expect(stages.filter((stage) => nextStages[stage].length === 0)).toEqual([
    'COLLECTED',
    'CANCELLED',
  ]);
  const reached = new Set(Object.values(nextStages).flat());
  expect(stages.filter((stage) => !reached.has(stage))).toEqual(['INTAKE']);
});

test('work that is not done is not collected, and nothing leaves an end', () => {
  expect(canFollow('READY', 'COLLECTED')).toBe(true);
  expect(canFollow('IN_PROGRESS', 'COLLECTED')).toBe(false);
  expect(
    stages.some((stage) => canFollow('COLLECTED', stage) || canFollow('CANCELLED', stage)),
  ).toBe(false);
});

test('ticket numbers have six digits and then grow', () => {
  expect([1, 999_999, 1_000_000].map(ticketNumberOf)).toEqual([
    'R-000001',
    'R-999999',
    'R-1000000',
  ]);
});

describe('pieceOf', () => {
  const unitId = '01900000-0000-7000-8000-000000000001';
  const input = (change: Partial<RepairOpenInput>): RepairOpenInput => ({
    idempotencyKey: 'k',
    workRequested: 'Resize to 54',
    ...change,
  });

  test.each([
    [{ serialUnitId: unitId }, { unit: { serialUnitId: unitId } }],
    [{ sku: 'RING', serial: 'S-1' }, { unit: { sku: 'RING', serial: 'S-1' } }],
    [{ pieceDescription: ' A signet ring ' }, { description: 'A signet ring' }],
  ])('%j is a piece', (change, piece) => {
    expect(pieceOf(input(change))).toEqual(piece);
  });

  test.each([
    [{}, 'serialUnitId'],
    [{ sku: 'RING' }, 'serialUnitId'],
    [{ serialUnitId: unitId, pieceDescription: 'x' }, 'serialUnitId'],
    [{ serialUnitId: unitId, sku: 'RING' }, 'serialUnitId'],
    [{ serialUnitId: 'x' }, 'serialUnitId'],
    [{ pieceDescription: '  ' }, 'serialUnitId'],
    [{ pieceDescription: 'x', workRequested: ' ' }, 'workRequested'],
    [{ pieceDescription: 'x'.repeat(2001) }, 'pieceDescription'],
    [{ pieceDescription: 'x', customerPhone: '1'.repeat(41) }, 'customerPhone'],
    [{ pieceDescription: 'x', idempotencyKey: 'k'.repeat(256) }, 'idempotencyKey'],
  ])('%j is refused at %s', (change, field) => {
    expect(pieceOf(input(change))).toMatchObject({ __typename: 'InvalidInput', field });
  });

  test('a refusal does not repeat a name or a phone number', () => {
    const phone = '1'.repeat(41);
    const refusal = pieceOf(input({ pieceDescription: 'x', customerPhone: phone }));
    expect(JSON.stringify(refusal)).not.toContain(phone.slice(0, 10));
  });
});
