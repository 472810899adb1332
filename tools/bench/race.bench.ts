import type { Outcome } from '@onecount/testing';
import { raceForOnePiece, raceForQuantity } from '../e2e/support/race.ts';
import type { Bench } from './bench.ts';
import { withSystem, type BenchSystem } from './bench-system.ts';
import { cpuBetween, total } from './cpu.ts';
import { round } from './load.ts';

type Tally = { winners: number; refused: number };

/**
 * Everybody buys the same piece in the same instant, half at the counter, half in the web shop; then the
 * same over seven interchangeable units. A round with other than one winner ends the bench.
 */
export const raceBench: Bench = {
  help: '20 buyers, one piece, exactly one winner, round after round [--rounds 200 --buyers 20]',
  async run(options) {
    const rounds = options.number('rounds', 200);
    const buyers = options.number('buyers', 20);
    return withSystem(async (bench) => {
      const registerId = await bench.shop.openRegister();
      const before = bench.cpu();
      const tally: Tally = { winners: 0, refused: 0 };
      for (let round = 1; round <= rounds; round += 1) {
        const { piece, outcomes } = await raceForOnePiece(bench.shop, { registerId, buyers });
        count(tally, outcomes, piece.sku);
        if (round % 50 === 0) options.say(`${round} rounds: ${JSON.stringify(tally)}`);
      }
      const quantityRounds = Math.ceil(rounds / 10);
      for (let round = 0; round < quantityRounds; round += 1) {
        const { bought } = await raceForQuantity(bench.shop, { registerId, buyers: 40, stock: 7 });
        if (bought > 7) throw new Error(`${bought} units were sold of 7`);
      }
      await bench.assertSound();
      const spent = total(cpuBetween(before, bench.cpu()));
      return {
        rounds,
        buyers,
        ...tally,
        orphans: await orphans(bench),
        quantityRounds,
        cpuMsPerRound: round(spent / (rounds + quantityRounds)),
      };
    });
  },
};

function count(tally: Tally, outcomes: Outcome[], sku: string): void {
  const winners = outcomes.filter((outcome) => outcome.__typename === 'SaleCommitSuccess').length;
  if (winners !== 1) throw new Error(`${winners} winners: ${JSON.stringify(outcomes)}`);
  const refused = outcomes.filter((outcome) => namesThePiece(outcome, sku)).length;
  if (refused !== outcomes.length - 1) {
    throw new Error(`a refusal does not name ${sku}: ${JSON.stringify(outcomes)}`);
  }
  tally.winners += winners;
  tally.refused += refused;
}

function namesThePiece(outcome: Outcome, sku: string): boolean {
  const isWinner = outcome.__typename === 'SaleCommitSuccess';
  return !isWinner && `${outcome.message} ${JSON.stringify(outcome)}`.includes(sku);
}

/** What a lost race must not leave behind: a sale without an end, stock that nobody has. */
async function orphans({ sources }: BenchSystem): Promise<number> {
  const counts = await Promise.all([
    sources.rows<{ n: number }>('pos', `SELECT count(*) AS n FROM sale WHERE status = 'PENDING'`),
    sources.rows<{ n: number }>(
      'inventory',
      `SELECT count(*) AS n FROM hold h JOIN serial_unit u ON u.tenant_id = h.tenant_id AND u.id = h.serial_unit_id
       WHERE h.status = 'LIVE'`,
    ),
  ]);
  return counts.reduce((sum, rows) => sum + (rows[0]?.n ?? 0), 0);
}
