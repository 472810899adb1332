import { ConfigError, type ServiceConfig } from '@onecount/config';
import type { KafkaLogin, KafkaSecurity } from '@onecount/messaging';

/** The settings KAFKA_TLS… and KAFKA_SASL… as the transport takes them; undefined when none is set. */
export function kafkaSecurity(config: ServiceConfig): KafkaSecurity | undefined {
  const sasl = loginOf(config);
  if (!config.KAFKA_TLS) return sasl && { sasl };
  const { KAFKA_TLS_CA_FILE: ca, KAFKA_TLS_CERT_FILE: cert, KAFKA_TLS_KEY_FILE: key } = config;
  return { tls: { ca, cert, key }, sasl };
}

function loginOf(config: ServiceConfig): KafkaLogin | undefined {
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
function given(config: ServiceConfig, name: keyof ServiceConfig): string {
  const value = config[name];
  if (typeof value !== 'string') throw new ConfigError([`${name}: is required`]);
  return value;
}
