import { ConfigError, type EventLogConfig } from '@onecount/config';
import type { KafkaLogin, KafkaSecurity } from './kafka/kafka.security.ts';
import type { TransportConfig } from './transport.ts';

/** The settings of the event log as `createTransport` takes them. */
export function transportSettings(config: EventLogConfig): Omit<TransportConfig, 'clientId'> {
  return {
    brokers: config.KAFKA_BROKERS,
    security: kafkaSecurity(config),
    eventLogUrl: config.EVENT_LOG_URL,
    topicPrefix: config.TOPIC_PREFIX,
    partitions: config.KAFKA_PARTITIONS,
    sessionTimeoutMs: config.KAFKA_SESSION_TIMEOUT_MS,
  };
}

// Undefined when neither KAFKA_TLS… nor KAFKA_SASL… is set.
function kafkaSecurity(config: EventLogConfig): KafkaSecurity | undefined {
  const sasl = loginOf(config);
  if (!config.KAFKA_TLS) return sasl && { sasl };
  const { KAFKA_TLS_CA_FILE: ca, KAFKA_TLS_CERT_FILE: cert, KAFKA_TLS_KEY_FILE: key } = config;
  return { tls: { ca, cert, key }, sasl };
}

function loginOf(config: EventLogConfig): KafkaLogin | undefined {
  const mechanism = config.KAFKA_SASL_MECHANISM;
  if (mechanism === undefined) return undefined;
  if (mechanism !== 'OAUTHBEARER') {
    const username = given(config, 'KAFKA_SASL_USERNAME');
    return { mechanism, username, password: given(config, 'KAFKA_SASL_PASSWORD') };
  }
  return {
    mechanism,
    tokenUrl: given(config, 'KAFKA_OAUTH_TOKEN_URL'),
    clientId: given(config, 'KAFKA_OAUTH_CLIENT_ID'),
    clientSecret: given(config, 'KAFKA_OAUTH_CLIENT_SECRET'),
    scope: config.KAFKA_OAUTH_SCOPE,
  };
}

// loadConfig has seen that they are there; this is for a config that somebody built by hand.
function given(config: EventLogConfig, name: keyof EventLogConfig): string {
  const value = config[name];
  if (typeof value !== 'string') throw new ConfigError([`${name}: is required`]);
  return value;
}
