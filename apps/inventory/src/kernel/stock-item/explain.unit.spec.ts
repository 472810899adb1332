import { explained, type ExplanationFacts } from './explain.ts';

const facts: ExplanationFacts = {
  locationId: 'l',
  asOf: '2026-11-22T08:00:00.000Z',
  isNow: true,
  levelOnHand: 4,
  levelCommitted: 3,
  sums: [
    { reason: 'RECEIPT', quantity: 5, count: 1 },
    { reason: 'SALE', quantity: -1, count: 1 },
  ],
  recent: [],
  live: { count: 1, quantity: 2, ids: ['h1'] },
  lapsed: { count: 1, quantity: 1, ids: ['h2'] },
  sold: [],
  sales: [],
  inRepair: [],
  transfers: [],
};

describe('explain', () => {
  it('adds up movements and live holds; an expired hold that is not settled yet is no difference', () => {
    expect(explained(facts)).toMatchObject({
      onHand: 4,
      committed: 2,
      available: 2,
      isConsistent: true,
      check: '4 by movements − 2 by live holds = 2; the level agrees.',
    });
  });

  it('names what a level has that its rows do not make', () => {
    expect(explained({ ...facts, levelOnHand: 6, levelCommitted: 1 })).toMatchObject({
      available: 2,
      isConsistent: false,
      check:
        'The level disagrees: on hand is 6, the movements make 4; committed is 0, the live holds make 2.',
    });
  });

  it('holds a past instant against the ledger alone: levels keep no past', () => {
    const past = { ...facts, isNow: false, levelCommitted: null };
    expect(explained(past)).toMatchObject({ isConsistent: true, committed: 2, available: 2 });
    expect(explained({ ...past, levelOnHand: 5 }).check).toBe(
      'The ledger disagrees: on hand is 5, the movements make 4.',
    );
  });
});
