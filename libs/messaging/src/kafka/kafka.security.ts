import type { KafkaConfig, SASLOptions } from 'kafkajs';
import { createTokenSource, type TokenClient } from './kafka.token.ts';

/** How the brokers and this client prove themselves to each other. */
export type KafkaSecurity = {
  /** PEM texts; without `ca` the authorities that Node knows. */
  tls?:
    { ca?: string | undefined; cert?: string | undefined; key?: string | undefined } | undefined;
  sasl?: KafkaLogin | undefined;
};
export type KafkaLogin =
  | { mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'; username: string; password: string }
  | ({ mechanism: 'OAUTHBEARER' } & TokenClient);

export function securityOptions({ tls, sasl }: KafkaSecurity): Partial<KafkaConfig> {
  return {
    ...(tls && { ssl: { ...tls } }),
    ...(sasl && { sasl: saslOptions(sasl), authenticationTimeout: 10_000 }),
  };
}

function saslOptions(login: KafkaLogin): SASLOptions {
  if (login.mechanism === 'OAUTHBEARER') {
    const token = createTokenSource(login);
    return {
      mechanism: 'oauthbearer',
      oauthBearerProvider: async () => ({ value: await token() }),
    };
  }
  const { username, password } = login;
  const mechanism = login.mechanism.toLowerCase() as 'plain' | 'scram-sha-256' | 'scram-sha-512';
  return { mechanism, username, password } as SASLOptions;
}
