import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { createBackoff, pauseUntil, type Backoff } from '../backoff.ts';
import {
  messagesPerDelivery,
  type ReceivedMessage,
  type SubscribeOptions,
  type TransportLog,
} from '../transport.ts';
import type { Commits } from './kafka.commits.ts';

export type DeliverDeps = {
  prefix: string;
  onMessages: SubscribeOptions['onMessages'];
  heartbeatEveryMs: number;
  stopping: AbortSignal;
  /** Of this consumer: back-off per partition, kept between the batches that bring the message again. */
  delays: Map<string, Backoff>;
  commits: Commits;
  /** Of this consumer; see createPace. */
  pace(fetchedAt: number): number;
  log: TransportLog;
};

/**
 * Messages of one partition, some at a time. A failing message pauses its partition, and the fetch after
 * the pause brings it again: waiting here would hold up every partition of the same broker, because
 * kafkajs fetches again only when all batches of a fetch are done; and an error that left eachBatch would
 * restart the others in work (kafkajs issue 945). Only an error of the heartbeat leaves, because it says
 * that the partition may belong to someone else now.
 */
export async function consumeBatch(payload: EachBatchPayload, deps: DeliverDeps): Promise<void> {
  const { batch, resolveOffset, heartbeat } = payload;
  const nextAt = deps.pace(performance.now());
  const pulse = startPulse(heartbeat, deps.heartbeatEveryMs);
  const mayGoOn = () =>
    payload.isRunning() && !payload.isStale() && !deps.stopping.aborted && !pulse.hasFailed();
  try {
    for (let at = 0; at < batch.messages.length && mayGoOn();) {
      const part = batch.messages.slice(at, at + messagesPerDelivery);
      const done = await deliver(batch, part, deps);
      at += done;
      if (done > 0) resolveOffset(part[done - 1]!.offset);
      deps.commits.add(done, payload);
      if (done === part.length) continue;
      pauseFor(payload, deps);
      await deps.commits.flush();
      break;
    }
  } finally {
    pulse.stop();
  }
  pulse.assertSteady();
  await heartbeat();
  // kafkajs fetches again when all batches of this fetch are through.
  await pauseUntil(nextAt, deps.stopping);
}

/** How many are done. */
async function deliver(
  batch: EachBatchPayload['batch'],
  messages: KafkaMessage[],
  deps: DeliverDeps,
): Promise<number> {
  const { topic, partition } = batch;
  try {
    const done = await deps.onMessages(messages.map((each) => received(batch, each, deps.prefix)));
    if (done > 0) deps.delays.delete(`${topic}/${partition}`);
    return done;
  } catch (err) {
    const { offset } = messages[0]!;
    deps.log.warn({ err, topic, partition, offset }, 'messages were not taken; they come again');
    return 0;
  }
}

function pauseFor({ batch, pause }: EachBatchPayload, { delays }: DeliverDeps): void {
  const place = `${batch.topic}/${batch.partition}`;
  const backoff = delays.get(place) ?? createBackoff({ firstMs: 100, maxMs: 5_000 });
  delays.set(place, backoff);
  setTimeout(pause(), backoff.nextMs());
}

/** Heartbeats go on while a message is in work: slow work must not cost the partition. */
function startPulse(heartbeat: () => Promise<void>, everyMs: number) {
  let failure: Error | undefined;
  const beat = () => heartbeat().catch((err: Error) => void (failure ??= err));
  const timer = setInterval(beat, everyMs);
  return {
    hasFailed: () => failure !== undefined,
    assertSteady() {
      if (failure !== undefined) throw failure;
    },
    stop: () => clearInterval(timer),
  };
}

function received(
  batch: EachBatchPayload['batch'],
  { key, value, headers, offset }: KafkaMessage,
  prefix: string,
): ReceivedMessage {
  const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text ?? '')]);
  return {
    topic: batch.topic.slice(prefix.length),
    key: key?.toString() ?? '',
    headers: Object.fromEntries(texts) as Record<string, string>,
    value: value?.toString() ?? '',
    partition: batch.partition,
    offset,
  };
}
