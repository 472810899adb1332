// npm run verify: holds the promises I1 to I6 against the databases and the topics of the running system.
import { ConfigError } from '@onecount/config';
import { verifyConfig } from './config.ts';
import { paint, runChecks, settle } from './report.ts';
import { openRunningSystem } from './running-system.ts';

const settleWithinMs = 20_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { isColoured, ...config } = verifyConfig();
  const system = await openRunningSystem(config);
  if (!system) {
    process.stderr.write('No system runs here: npm start, or POSTGRES_URL and KAFKA_BROKERS\n');
    return 1;
  }
  try {
    const waiting = await settle(system, settleWithinMs);
    if (waiting !== null) {
      say(`After ${settleWithinMs / 1000} s there is still under way: ${waiting}.`);
      say('What is under way looks like copies that differ.\n');
    }
    const violations = await runChecks(system.sources, { write: say, paint: paint(isColoured) });
    say(violations.length === 0 ? '\nEvery promise holds.' : `\n${violations.length} violations.`);
    return violations.length === 0 ? 0 : 1;
  } finally {
    await system.close();
  }
}

try {
  process.exitCode = await main();
} catch (err) {
  if (!(err instanceof ConfigError)) throw err;
  process.stderr.write(`${err.message}\n`);
  process.exitCode = 1;
}
