import { existsSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { FailpointName } from '@onecount/failpoint';
import { services, type SystemService } from '@onecount/local-stack';
import { eventually } from '@onecount/testing';
import type { Fault, Strike } from '../fault.ts';

type Point = readonly [SystemService, FailpointName];

const publishers = ['catalog', 'inventory', 'pos', 'workshop', 'passport'] as const;
const consumers = [
  'inventory',
  'catalog',
  'pos',
  'passport',
  'workshop',
  'storefront-sync',
] as const;
const sale = [
  'sale.intent.before-commit',
  'sale.intent.after-commit',
  'sale.open.after-hold',
  'sale.line-update.before-commit',
  'sale.line-update.after-commit',
  'sale.record.before-commit',
  'sale.record.after-commit',
  'sale.claim.before-request',
  'sale.claim.after-answer',
  'sale.commit.before-commit',
  'sale.commit.after-commit',
  'sale.void.before-commit',
  'sale.void.after-commit',
  'sale.release.before-request',
  'sale.release.after-answer',
  'return.before-commit',
  'return.after-commit',
  'sweep.before',
  'sweep.after-claim',
] as const;
const stock = [
  'claim.before-commit',
  'claim.after-commit',
  'release.before-commit',
  'release.after-commit',
  'stocktake.before-commit',
  'stocktake.after-commit',
] as const;
const points: readonly Point[] = [
  ...sale.map((point) => ['pos', point] as const),
  ...stock.map((point) => ['inventory', point] as const),
  ...publishers.flatMap((service) =>
    (['outbox.before-publish', 'outbox.after-publish'] as const).map(
      (point) => [service, point] as const,
    ),
  ),
  ...consumers.flatMap((service) =>
    (['inbox.before-effect', 'inbox.before-commit', 'inbox.after-commit'] as const).map(
      (point) => [service, point] as const,
    ),
  ),
];

function kill({ system, struck }: Strike, service: SystemService, how = ''): void {
  system.test.system.kill(service, 'SIGKILL');
  struck(`${service} is terminated${how}`);
}

const atRandom: Fault = {
  name: 'terminated at random',
  strike: async (strike) => kill(strike, strike.random.pick(services)),
};

const twoAtOnce: Fault = {
  name: 'two terminated at once',
  async strike(strike) {
    const first = strike.random.pick(services);
    const second = strike.random.pick(services.filter((name) => name !== first));
    kill(strike, first);
    kill(strike, second);
  },
};

const duringRecovery: Fault = {
  name: 'terminated again during recovery',
  async strike(strike) {
    const service = strike.random.pick(services);
    const { starts } = strike.system.test.system.services[service];
    const before = starts();
    const againAfterMs = strike.random.below(1_500);
    kill(strike, service);
    await eventually(() => starts() > before, { intervalMs: 5 });
    await delay(againAfterMs);
    kill(strike, service, ' again');
  },
};

const atFailpoint: Fault = {
  name: 'terminated at a failpoint',
  // There are many of them, and not every round comes by.
  weight: 5,
  async strike({ system, random, struck }) {
    const [service, point] = random.pick(points);
    const path = system.test.failpointPath(service, point);
    const { starts } = system.test.system.services[service];
    const before = starts();
    system.test.arm(service, point);
    let isOver = false;
    const reached = eventually(() => isOver || (starts() > before && !existsSync(path)), {
      intervalMs: 5,
    });
    const noticed = reached.then(() => {
      if (!existsSync(path)) struck(`${service} dies at ${point}`);
    });
    return async () => {
      isOver = true;
      await noticed;
      rmSync(path, { force: true });
    };
  },
};

export const terminations = [atRandom, twoAtOnce, duringRecovery, atFailpoint];
