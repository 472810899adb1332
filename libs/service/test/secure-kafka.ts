import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startKafka, type Kafka } from '@onecount/local-stack';
import type { CertificateAuthority } from '@onecount/testing';

const run = promisify(execFile);
const password = 'keystore-secret';
const login = 'org.apache.kafka.common.security';

export type SecureKafka = Kafka & { saslBroker: string; certificateBroker: string };

/**
 * A real broker that speaks TLS alone to clients: one listener asks for a login of any kind (`till`), one for a
 * certificate of the authority. Keystore and truststore are made by the JDK's keytool.
 */
export async function startSecureKafka(
  authority: CertificateAuthority,
  of: { jwksUrl: string; audience: string },
): Promise<SecureKafka> {
  const [sasl, certificate] = [await freePort(), await freePort()];
  const secure = 'listener.name.secure';
  const kafka = await startKafka({
    dataDir: join(authority.folder, 'kafka'),
    listeners: [
      { name: 'SECURE', port: sasl, protocol: 'SASL_SSL' },
      { name: 'CERTS', port: certificate, protocol: 'SSL' },
    ],
    scramUsers: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
      (mechanism) => `${mechanism}=[name=till,password=till-${mechanism}]`,
    ),
    javaArguments: [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${of.jwksUrl}`],
    settings: {
      ...(await stores(authority)),
      'listener.name.certs.ssl.client.auth': 'required',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
      [`${secure}.plain.sasl.jaas.config`]: `${login}.plain.PlainLoginModule required user_till="till-PLAIN";`,
      [`${secure}.scram-sha-256.sasl.jaas.config`]: `${login}.scram.ScramLoginModule required;`,
      [`${secure}.scram-sha-512.sasl.jaas.config`]: `${login}.scram.ScramLoginModule required;`,
      [`${secure}.oauthbearer.sasl.jaas.config`]: `${login}.oauthbearer.OAuthBearerLoginModule required;`,
      [`${secure}.oauthbearer.sasl.server.callback.handler.class`]: `${login}.oauthbearer.OAuthBearerValidatorCallbackHandler`,
      [`${secure}.oauthbearer.sasl.oauthbearer.jwks.endpoint.url`]: of.jwksUrl,
      [`${secure}.oauthbearer.sasl.oauthbearer.expected.audience`]: of.audience,
    },
  });
  return {
    ...kafka,
    saslBroker: `localhost:${sasl}`,
    certificateBroker: `localhost:${certificate}`,
  };
}

async function stores({ folder, caFile, issue }: CertificateAuthority) {
  const { certFile, keyFile } = await issue('localhost');
  const [packed, keystore, truststore] = ['broker.p12', 'broker.jks', 'trusted.jks'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const pair = ['-in', certFile, '-inkey', keyFile, '-certfile', caFile];
  await run('openssl', [
    'pkcs12',
    '-export',
    ...pair,
    '-out',
    packed,
    '-passout',
    `pass:${password}`,
  ]);
  const from = ['-srckeystore', packed, '-srcstoretype', 'PKCS12', '-srcstorepass', password];
  const into = (store: string) => ['-storetype', 'JKS', '-storepass', password, '-keystore', store];
  const imported = ['-importkeystore', '-noprompt', ...from];
  const to = ['-destkeystore', keystore, '-deststoretype', 'JKS', '-deststorepass', password];
  await run('keytool', [...imported, ...to]);
  await run('keytool', ['-importcert', '-noprompt', '-file', caFile, ...into(truststore)]);
  return {
    'ssl.keystore.location': keystore,
    'ssl.keystore.type': 'JKS',
    'ssl.keystore.password': password,
    'ssl.key.password': password,
    'ssl.truststore.location': truststore,
    'ssl.truststore.type': 'JKS',
    'ssl.truststore.password': password,
  };
}
