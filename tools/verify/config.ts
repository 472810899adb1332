import { homeFolder } from '../start/config.ts';

type Env = Record<string, string | undefined>;

/** What `npm run verify` reads from its environment: the same names, with the same defaults, as `npm start`. */
export function verifyConfig(env: Env = process.env) {
  return {
    home: homeFolder(env),
    topicPrefix: env['TOPIC_PREFIX'] ?? '',
    partitions: Number(env['KAFKA_PARTITIONS'] || 24),
    isColoured: Boolean(process.stdout.isTTY) && !env['NO_COLOR'],
  };
}
