import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { reapFolder } from '@onecount/local-stack';
import { jestEnvironment } from './config.ts';
import { leftOpen, reportOptions } from './left-open.ts';
import { testOptions, type TestOptions } from './options.ts';
import { failuresOf, sum, totalsLine, totalsOf, type JestReport, type Totals } from './totals.ts';

const root = resolve(import.meta.dirname, '../..');
const jest = join(root, 'node_modules/jest/bin/jest.js');

const lingerMs = 60_000;

// A worker per core: with jest's one fewer, half of two cores waits for PostgreSQL. The whole system is started by
// each e2e file: one after the other, two of them want more memory than a laptop has.
const runs = [
  {
    name: 'unit and integration tests',
    args: ['--selectProjects', 'unit', 'int', '--maxWorkers=100%'],
  },
  { name: 'end-to-end tests', args: ['--selectProjects', 'e2e', '--runInBand'] },
];

type Outcome = { totals: Totals; failures: string[]; code: number };

async function readReport(file: string): Promise<JestReport | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as JestReport);
}

type Run = { args: string[]; env: Record<string, string>; reportFile: string; folder: string };

// jest writes its report after the global tear-down and then waits for ever for whatever a test left open.
function endWhenLeftOpen(child: ChildProcess, { reportFile, folder }: Run): NodeJS.Timeout {
  let seenAt = 0;
  const timer = setInterval(() => {
    if (!existsSync(reportFile)) return;
    seenAt ||= Date.now();
    if (Date.now() - seenAt < lingerMs) return;
    clearInterval(timer);
    void endSayingWhatIsOpen(child, folder);
  }, 1_000);
  return timer;
}

async function endSayingWhatIsOpen(child: ChildProcess, folder: string): Promise<void> {
  const open = (await leftOpen(child, folder)).join('\n  ');
  process.stderr.write(`jest did not end and is killed; what a test left open:\n  ${open}\n`);
  child.kill('SIGKILL');
}

async function runJest(run: Run): Promise<Outcome> {
  const { args, env, reportFile, folder } = run;
  const options = ['--passWithNoTests', '--json', `--outputFile=${reportFile}`];
  const child = spawn(process.execPath, [...reportOptions(folder), jest, ...args, ...options], {
    cwd: root,
    env: jestEnvironment(env),
    // Standard output carries the JSON report a second time; people read standard error.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const watch = endWhenLeftOpen(child, run);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearInterval(watch);
  process.off('SIGINT', forward).off('SIGTERM', forward);
  const report = await readReport(reportFile);
  // No report: jest itself failed, which no count of tests shows.
  if (!report)
    return { totals: { passed: 0, failed: 1, skipped: 0 }, failures: [], code: code || 1 };
  const totals = totalsOf(report);
  const failures = failuresOf(report);
  // SIGKILL is ours, when all tests are over and counted: what they left open is said and ends with this run.
  if (signal && signal !== 'SIGKILL') return { totals, failures, code: 1 };
  return { totals, failures, code: code || (totals.failed > 0 ? 1 : 0) };
}

async function campaignEnv(campaign: TestOptions['campaign']): Promise<Record<string, string>> {
  if (!campaign) return {};
  process.stderr.write(`campaign with --seed ${campaign.seed}\n`);
  // Loaded here: it brings the whole local stack with it.
  const { publishCampaign } = await import('@onecount/testing');
  return publishCampaign(campaign);
}

async function main(): Promise<number> {
  const { campaign, jest: asked } = testOptions(process.argv.slice(2));
  // Everything temporary of this run stands in one folder, which goes whether tests pass, fail or are killed.
  // PostgreSQL runs as its own user and must be able to enter.
  const folder = await mkdtemp(join(tmpdir(), 'onecount-tests-'));
  await chmod(folder, 0o755);
  const reaper = reapFolder(folder);
  const env = { ...(await campaignEnv(campaign)), TMPDIR: folder };
  const outcomes: Outcome[] = [];
  try {
    for (const [index, { name, args }] of runs.entries()) {
      process.stderr.write(`\n== ${name}\n`);
      const reportFile = join(folder, `${index}.json`);
      const outcome = await runJest({ args: [...args, ...asked], env, reportFile, folder });
      outcomes.push(outcome);
      if (outcome.code === 130 || outcome.code === 143) break;
    }
  } finally {
    // A server that dies with this run may still write while its folder goes.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    await reaper.dismiss();
  }
  for (const failure of outcomes.flatMap(({ failures }) => failures)) {
    process.stdout.write(`\nFailed: ${failure}\n`);
  }
  process.stdout.write(`${totalsLine(sum(outcomes.map(({ totals }) => totals)))}\n`);
  // A pattern that matches nothing must not look like success.
  if (outcomes.every(({ totals }) => totals.passed + totals.failed === 0)) return 1;
  return outcomes.find(({ code }) => code !== 0)?.code ?? 0;
}

process.exitCode = await main();
