import type { Message, TopicMessages } from 'kafkajs';
import type { TransportMessage } from '../transport.ts';

// kafkajs makes one record batch per partition out of a send, and a broker takes at most 1 MB per batch
// unless the topic says otherwise: a chunk stays below that even if all of it has one key.
const chunkBytesMax = 900_000;

/** In order; a message larger than the limit is a chunk of its own. */
export function chunksOf(messages: TransportMessage[]): TransportMessage[][] {
  const chunks: TransportMessage[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = bytesOf(message);
    if (bytes + size > chunkBytesMax) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)!.push(message);
    bytes += size;
  }
  return chunks;
}

// Headers are short and ASCII; 500 bytes is above what the envelope takes.
const bytesOf = ({ key, value }: TransportMessage) => key.length + Buffer.byteLength(value) + 500;

export function topicMessagesOf(messages: TransportMessage[], prefix: string): TopicMessages[] {
  const byTopic = new Map<string, Message[]>();
  for (const { topic, key, headers, value } of messages) {
    const others = byTopic.get(topic);
    if (others) others.push({ key, headers, value });
    else byTopic.set(topic, [{ key, headers, value }]);
  }
  return [...byTopic].map(([topic, list]) => ({ topic: prefix + topic, messages: list }));
}
