import type { Transport, TransportConfig } from './transport.ts';

/** Kafka when brokers are given, otherwise the embedded log. Each is loaded only when it is used. */
export async function createTransport(config: TransportConfig): Promise<Transport> {
  if (config.brokers && config.brokers.length > 0) {
    const { createKafkaTransport } = await import('./kafka/kafka.transport.ts');
    return createKafkaTransport({ ...config, brokers: config.brokers });
  }
  if (config.eventLogUrl) {
    const { createEmbeddedTransport } = await import('./embedded/embedded.transport.ts');
    return createEmbeddedTransport({ ...config, eventLogUrl: config.eventLogUrl });
  }
  throw new TypeError('neither brokers nor an event log are configured');
}

/** Why the event log refuses these credentials or certificates; undefined when it accepts them or is away. */
export async function transportRefusal(config: TransportConfig): Promise<string | undefined> {
  if (!config.brokers?.length) return undefined;
  const { kafkaRefusal } = await import('./kafka/kafka.refusal.ts');
  return kafkaRefusal({ ...config, brokers: config.brokers });
}
