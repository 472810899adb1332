import { StackError, startSystem, type System } from '@onecount/local-stack';
import { startConfig } from './config.ts';
import { summary } from './summary.ts';

const npmWatchMs = 500;

let system: System | undefined;
let isStopping = false;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(err: unknown): never {
  const isKnown = err instanceof StackError;
  process.stderr.write(`${isKnown ? err.message : ((err as Error).stack ?? String(err))}\n`);
  process.exit(1);
}

async function stop(code: number): Promise<void> {
  // Asked again, or while it still starts: what runs is ended by the reapers and by the services
  // themselves, which notice that this process is gone.
  if (isStopping) process.exit(code);
  isStopping = true;
  if (!system) process.exit(code);
  say('stopping');
  await system.stop();
  say('stopped');
  process.exit(code);
}

// npm ends without its child when it is killed, and the shell between the two passes no signal on.
function stopWithNpm(): void {
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm && !isStopping) void stop(143);
  }, npmWatchMs).unref();
}

process.once('SIGTERM', () => void stop(143));
process.once('SIGHUP', () => void stop(129));
process.on('SIGINT', () => void stop(130));
// A reader that went away (`npm start | head`) is no reason to crash.
process.stdout.on('error', () => undefined);

try {
  const { isUnderNpm, ...config } = startConfig();
  if (isUnderNpm) stopWithNpm();
  say(`Onecount starts; the first time takes longer (data in ${config.home})`);
  system = await startSystem({ ...config, otherPorts: 'default', write: say });
  say(summary(system, config.home));
} catch (err) {
  fail(err);
}
