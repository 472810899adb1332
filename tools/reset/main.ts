import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { runningLauncher, stopLeftovers } from '@onecount/local-stack';
import { homeFolder } from '../start/config.ts';

async function isConfirmed(home: string): Promise<boolean> {
  if (process.argv.includes('--yes')) return true;
  if (!process.stdin.isTTY) {
    process.stderr.write(
      'npm run reset asks before it removes data: without a terminal use --yes\n',
    );
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Remove all data under ${home}? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

async function reset(): Promise<number> {
  const home = homeFolder();
  if (!existsSync(home)) {
    process.stdout.write(`There is nothing at ${home}\n`);
    return 0;
  }
  const launcher = await runningLauncher(home);
  if (launcher) {
    process.stderr.write(`Onecount runs in ${home} (pid ${launcher.pid}): stop it first\n`);
    return 1;
  }
  if (!(await isConfirmed(home))) return 1;
  await stopLeftovers(home);
  await rm(home, { recursive: true, force: true });
  process.stdout.write(`Removed ${home}\n`);
  return 0;
}

process.exitCode = await reset();
