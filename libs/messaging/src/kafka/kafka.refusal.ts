import { silentLog, type TransportConfig } from '../transport.ts';
import { createKafkaClient } from './kafka.client.ts';

/**
 * Why the brokers and this client do not accept each other: credentials or certificates. Undefined when they do,
 * and while no broker answers: that ends by itself, a wrong password does not.
 */
export async function kafkaRefusal(
  config: TransportConfig & { brokers: string[] },
): Promise<string | undefined> {
  const admin = createKafkaClient(config, silentLog).admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    // Over TLS 1.3 a broker says only after the handshake that it does not accept our certificate.
    await admin.describeCluster();
    return undefined;
  } catch (err) {
    return refusalOf(err);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

const refusing = /SASL|authenticat|certificate|self[- ]signed|SSL|TLS|altname|TokenRefused/i;

function refusalOf(err: unknown): string | undefined {
  for (let at = err; at instanceof Error || isLike(at); at = (at as Error).cause) {
    const { name, message } = at as Error;
    if (refusing.test(`${name} ${message}`)) return message.replace(/^Connection error: /, '');
  }
  return undefined;
}

// By shape: a test runner's sandbox has an Error of its own.
const isLike = (err: unknown): boolean =>
  typeof (err as { message?: unknown } | undefined)?.message === 'string';
