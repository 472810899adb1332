import { silentLog } from '../transport.ts';
import { createKafkaClient } from './kafka.client.ts';

/** The id of the cluster that answers at this address; undefined while none does. */
export async function clusterIdOf(broker: string): Promise<string | undefined> {
  const config = { brokers: [broker], clientId: 'onecount-start', partitions: 1 };
  const admin = createKafkaClient(config, silentLog).admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    return (await admin.describeCluster()).clusterId;
  } catch {
    return undefined;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
