import { z } from 'zod';
import { commaList, httpUrl, pemFile } from './env-types.ts';

/** How a client of Kafka is set: where, over TLS or not, and as whom. */
export const kafkaEnv = {
  KAFKA_BROKERS: commaList
    .optional()
    .describe(
      'Brokers of Kafka, `host:port`, comma-separated. This or `EVENT_LOG_URL` is required.',
    ),
  KAFKA_TLS: z.stringbool().default(false).describe('Whether the brokers are reached over TLS.'),
  KAFKA_TLS_CA_FILE: pemFile
    .optional()
    .describe(
      'PEM file of the authorities that may sign for a broker; without it those that Node knows.',
    ),
  KAFKA_TLS_CERT_FILE: pemFile
    .optional()
    .describe(
      'PEM file of the certificate by which the service proves itself (mTLS), with `KAFKA_TLS_KEY_FILE`.',
    ),
  KAFKA_TLS_KEY_FILE: pemFile
    .optional()
    .describe('PEM file of the private key of `KAFKA_TLS_CERT_FILE`.'),
  KAFKA_SASL_MECHANISM: z
    .enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'])
    .optional()
    .describe(
      'How the service proves itself to the brokers; without it not, or by its certificate alone.',
    ),
  KAFKA_SASL_USERNAME: z.string().optional().describe('User for PLAIN and SCRAM.'),
  KAFKA_SASL_PASSWORD: z.string().optional().describe('Password for PLAIN and SCRAM.'),
  KAFKA_OAUTH_TOKEN_URL: httpUrl
    .optional()
    .describe('For OAUTHBEARER: where tokens are given for the client credentials.'),
  KAFKA_OAUTH_CLIENT_ID: z
    .string()
    .optional()
    .describe('For OAUTHBEARER: the client at that address.'),
  KAFKA_OAUTH_CLIENT_SECRET: z.string().optional().describe('For OAUTHBEARER: its secret.'),
  KAFKA_OAUTH_SCOPE: z.string().optional().describe('For OAUTHBEARER: the scope to ask for.'),
};

const user = ['KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'];
const client = ['KAFKA_OAUTH_TOKEN_URL', 'KAFKA_OAUTH_CLIENT_ID', 'KAFKA_OAUTH_CLIENT_SECRET'];
const files = ['KAFKA_TLS_CA_FILE', 'KAFKA_TLS_CERT_FILE', 'KAFKA_TLS_KEY_FILE'];

/** What does not go together in these settings. */
export function kafkaProblems(
  given: Record<string, string | undefined>,
  isProduction: boolean,
): string[] {
  const mechanism = given['KAFKA_SASL_MECHANISM'];
  const hasTls = z.stringbool().safeParse(given['KAFKA_TLS']).data === true;
  const needed = mechanism === undefined ? [] : mechanism === 'OAUTHBEARER' ? client : user;
  const problems = needed
    .filter((name) => !given[name])
    .map((name) => `${name}: is required with KAFKA_SASL_MECHANISM ${mechanism}`);
  if (!hasTls)
    for (const name of files.filter((file) => given[file]))
      problems.push(`${name}: has no effect without KAFKA_TLS`);
  if (Boolean(given['KAFKA_TLS_CERT_FILE']) !== Boolean(given['KAFKA_TLS_KEY_FILE']))
    problems.push('KAFKA_TLS_CERT_FILE: goes with KAFKA_TLS_KEY_FILE');
  const showsSecret = mechanism === 'PLAIN' || mechanism === 'OAUTHBEARER';
  if (showsSecret && !hasTls && isProduction)
    problems.push(
      `KAFKA_SASL_MECHANISM: ${mechanism} without KAFKA_TLS would show its secret to the network`,
    );
  return problems;
}
