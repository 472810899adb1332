import pg from 'pg';
import { createAlarm, createBackoff, pause, pauseUntil, withDeadline } from '../backoff.ts';
import {
  fetchEveryMs,
  type SubscribeOptions,
  type Subscription,
  type TransportLog,
} from '../transport.ts';
import { createGroupMember, type GroupMember } from './group-member.ts';
import { createPartitionWorker } from './partition-worker.ts';

export type EmbeddedSubscriptionDeps = {
  eventLogUrl: string;
  prefix: string;
  clientId: string;
  log: TransportLog;
  options: SubscribeOptions;
};

// Whoever publishes wakes the members; they look for others of their group by themselves.
const balanceEveryMs = 500;

/** A group member with a session of its own; its locks and with them its partitions end with it. */
export function subscribeToEventLog(deps: EmbeddedSubscriptionDeps): Subscription {
  const { log, options } = deps;
  const stopping = new AbortController();
  const joined = Promise.withResolvers<void>();
  const alarm = createAlarm();
  const running = run();

  async function run(): Promise<void> {
    const backoff = createBackoff({ firstMs: 100, maxMs: 2_000 });
    while (!stopping.signal.aborted) {
      try {
        await live(backoff.reset);
      } catch (err) {
        log.warn({ err, group: options.group }, 'a member lost the event log; it joins again');
        await pause(backoff.nextMs(), stopping.signal);
      }
    }
  }

  /** One session from its start to its end. */
  async function live(onJoined: () => void): Promise<void> {
    const client = clientOf(deps);
    const lost = new AbortController();
    client.on('error', (err) => lost.abort(err));
    const ending = AbortSignal.any([stopping.signal, lost.signal]);
    const worker = createPartitionWorker({
      onMessages: options.onMessages,
      ending,
      log,
      ring: alarm.ring,
    });
    try {
      await client.connect();
      client.on('notification', alarm.ring);
      await client.query('LISTEN event_log');
      const member = await createGroupMember({ client, deps, worker });
      onJoined();
      joined.resolve();
      await poll(member, ending);
      await worker.idle();
      await member.commit();
      if (lost.signal.aborted) throw lost.signal.reason;
    } finally {
      // Also after an error: what is in work must end before this process may own the partition again.
      lost.abort();
      await worker.idle();
      await withDeadline(1_000, 'closing the session', client.end()).catch(() => undefined);
    }
  }

  async function poll(member: GroupMember, ending: AbortSignal): Promise<void> {
    let balancedAt = -Infinity;
    while (!ending.aborted) {
      if (performance.now() - balancedAt >= balanceEveryMs) {
        await member.balance();
        balancedAt = performance.now();
      }
      const startedAt = performance.now();
      await member.fetch();
      await member.commitIfDue();
      await alarm.wait(balanceEveryMs);
      await pauseUntil(startedAt + fetchEveryMs, ending);
    }
  }

  return {
    joined: joined.promise,
    async stop() {
      stopping.abort();
      alarm.ring();
      await running;
    },
  };
}

const clientOf = ({ eventLogUrl, clientId }: EmbeddedSubscriptionDeps) =>
  new pg.Client({
    connectionString: eventLogUrl,
    application_name: `${clientId} event log member`,
    connectionTimeoutMillis: 30_000,
    keepAlive: true,
    // A member that is stopped in a debugger or by SIGSTOP keeps its session: Kafka would expel it.
    query_timeout: 15_000,
  });
