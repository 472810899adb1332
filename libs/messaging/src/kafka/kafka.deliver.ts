import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { createBackoff, pause } from '../backoff.ts';
import type { ReceivedMessage, TransportLog } from '../transport.ts';

export type DeliverDeps = {
  prefix: string;
  onMessage(message: ReceivedMessage): Promise<void>;
  heartbeatEveryMs: number;
  stopping: AbortSignal;
  log: TransportLog;
};

/**
 * Messages of one partition, one after the other. A failing message is tried again here: an error
 * that left eachBatch would restart the other partitions in work too (kafkajs issue 945). Only an
 * error of the heartbeat leaves, because it says that the partition may belong to someone else now.
 */
export async function consumeBatch(payload: EachBatchPayload, deps: DeliverDeps): Promise<void> {
  const { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary } = payload;
  const pulse = startPulse(heartbeat, deps.heartbeatEveryMs);
  const mayGoOn = () =>
    payload.isRunning() && !payload.isStale() && !deps.stopping.aborted && !pulse.hasFailed();
  try {
    for (const message of batch.messages) {
      if (!mayGoOn()) break;
      const isDone = await deliver(received(batch, message, deps.prefix), mayGoOn, deps);
      if (!isDone) break;
      resolveOffset(message.offset);
      await commitOffsetsIfNecessary();
    }
  } finally {
    pulse.stop();
  }
  pulse.assertSteady();
  await heartbeat();
}

async function deliver(
  message: ReceivedMessage,
  mayGoOn: () => boolean,
  { onMessage, stopping, log }: DeliverDeps,
): Promise<boolean> {
  const backoff = createBackoff({ firstMs: 100, maxMs: 5_000 });
  while (mayGoOn()) {
    try {
      await onMessage(message);
      return true;
    } catch (err) {
      const { topic, partition, offset } = message;
      log.warn({ err, topic, partition, offset }, 'a message was not taken; it comes again');
      await pause(backoff.nextMs(), stopping);
    }
  }
  return false;
}

/** Heartbeats go on while a message is in work: slow work must not cost the partition. */
function startPulse(heartbeat: () => Promise<void>, everyMs: number) {
  let failure: unknown;
  const beat = () => heartbeat().catch((err: unknown) => void (failure ??= err));
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
