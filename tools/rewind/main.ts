// npm run rewind -- --service <name> --since <instant>: a service reads its topics again from an instant on, for a database
// that was restored (docs/backup.md).
import { parseArgs } from 'node:util';
import { ConfigError } from '@onecount/config';
import { createTransport, GroupInUseError } from '@onecount/messaging';
import { givenEventLog } from '../verify/config.ts';
import { verifiedServices } from '../verify/sources.ts';
import { consumedTopics } from '../verify/topics.ts';

const usage = `npm run rewind -- --service <name> --since <instant> [--dry-run]

  --service  ${verifiedServices.join(', ')}: every process of it has ended
  --since    an instant with its zone, 2026-11-30T10:00:00Z: some minutes before the one that was restored
  --dry-run  only says how many messages would come again

The event log is found by the settings of the services: KAFKA_BROKERS and KAFKA_…, or EVENT_LOG_URL; TOPIC_PREFIX.
`;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

class UsageError extends Error {
  override readonly name = 'UsageError';
}

function request() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = { service: text, since: text, 'dry-run': flag };
    const { values } = parseArgs({ options });
    const service = verifiedServices.find((name) => name === values.service);
    if (!service || !instant.test(values.since ?? '')) throw new UsageError(usage);
    return { service, since: new Date(values.since!), isDryRun: values['dry-run'] };
  } catch (err) {
    throw err instanceof UsageError ? err : new UsageError(`${(err as Error).message}\n\n${usage}`);
  }
}

async function main(): Promise<void> {
  const { service, since, isDryRun } = request();
  const log = givenEventLog();
  if (!log) throw new UsageError(`KAFKA_BROKERS or EVENT_LOG_URL: is required.\n\n${usage}`);
  const transport = await createTransport({ ...log, clientId: 'onecount-rewind' });
  try {
    const topics = consumedTopics[service];
    const of = { group: `onecount-${service}`, topics, since, isDryRun };
    for (const { topic, messages } of await transport.rewind(of))
      console.log(`${topic}: ${messages} messages ${isDryRun ? 'would come' : 'come'} again`);
  } finally {
    await transport.close();
  }
}

try {
  await main();
} catch (err) {
  const isKnown =
    err instanceof UsageError || err instanceof ConfigError || err instanceof GroupInUseError;
  if (!isKnown) throw err;
  process.stderr.write(`${err.message.trimEnd()}\n`);
  process.exitCode = 1;
}
