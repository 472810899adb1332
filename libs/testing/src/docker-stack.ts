import { freePort } from '@onecount/local-stack';
import type { ServerSource } from './test-stack.ts';

const postgresImage = 'postgres:18.4';
const kafkaImage = 'apache/kafka:4.1.1';

/** Containers in place of local processes when a Docker engine answers, else undefined. */
export async function dockerStack(): Promise<ServerSource | undefined> {
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers');
  const isAnswering = await getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
  if (!isAnswering) return undefined;
  return {
    async postgres() {
      const container = await new GenericContainer(postgresImage)
        .withEnvironment({ POSTGRES_PASSWORD: 'test' })
        .withCommand(['postgres', '-c', 'max_connections=300', '-c', 'fsync=off'])
        .withExposedPorts(5432)
        .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
        .start();
      const adminUrl = `postgresql://postgres:test@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
      return { adminUrl, stop: async () => void (await container.stop()) };
    },
    async kafka() {
      // The broker must tell clients the port that they reach it by, so that port is chosen first.
      const port = await freePort();
      const container = await new GenericContainer(kafkaImage)
        .withExposedPorts({ container: 9092, host: port })
        .withEnvironment({
          KAFKA_NODE_ID: '1',
          KAFKA_PROCESS_ROLES: 'broker,controller',
          KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
          KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
          KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
          KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
          KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
          KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
          KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
          KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
        })
        .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
        .start();
      return { brokers: [`127.0.0.1:${port}`], stop: async () => void (await container.stop()) };
    },
    remove: () => Promise.resolve(),
  };
}
