import { localOperator } from '../dead-events/config.ts';
import type { EventLog } from '../e2e/support/event-log.ts';
import { startTestSystem, type TestSystem } from '../e2e/support/test-system.ts';
import type { Sources } from '../verify/sources.ts';
import { makeGoods, type Goods } from './goods.ts';
import { createNetwork, type Network } from './network.ts';
import { createThreads, type Threads } from './threads.ts';

export type Transport = 'embedded' | 'kafka';

/** The whole system as threads of this process, and everything that a fault takes hold of. */
export type CampaignSystem = {
  test: TestSystem;
  network: Network;
  clocks: Threads['clocks'];
  eventLog: EventLog;
  sources: Sources;
  /** The operator's key, who puts dead events away. */
  operatorKey: Record<string, unknown>;
  shopToken: string;
  /** For one round each. */
  goods: Goods[];
  stop(): Promise<void>;
};

// What waits for something to become old waits as shortly as the settings allow.
const env = {
  LOG_LEVEL: 'warn',
  TIMEOUT_FACTOR: '10',
  KAFKA_SESSION_TIMEOUT_MS: '2000',
  SWEEP_AFTER_SECONDS: '0.3',
  SWEEP_INTERVAL_MS: '100',
  LEVEL_PUBLISH_MS: '20',
  HOLD_SWEEP_MS: '500',
};

export async function startCampaignSystem(options: {
  transport: Transport;
  rounds: number;
}): Promise<CampaignSystem> {
  const network = await createNetwork();
  const threads = createThreads(network);
  const test = await startTestSystem({
    ...{ kafka: options.transport, env, launch: threads.launch, restartMsMax: 1, readsAlong: true },
  });
  const operator = await localOperator(test.home);
  return {
    ...{ test, network, eventLog: test.eventLog!, clocks: threads.clocks },
    sources: test.sources,
    operatorKey: operator!.privateJwk,
    shopToken: test.system.tokens.owner,
    goods: await makeGoods(test, options.rounds),
    async stop() {
      await test.stop();
      await network.close();
    },
  };
}
