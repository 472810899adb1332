import { createLogger } from '../src/logger.ts';

// Says a line that somebody may or may not read, and ends; run as a process by logger.int.spec.ts.
const log = createLogger({ service: 'fatal-line' });
process.stdin.once('data', () => {
  log.info('before the end');
  setImmediate(() => {
    log.fatal('the end');
    process.exit(3);
  });
});
