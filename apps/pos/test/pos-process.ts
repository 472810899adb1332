import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FailpointName } from '@onecount/failpoint';
import { graphqlOver } from './pos.harness.ts';
import type { Shop } from './shop.harness.ts';

/** Processes of pos on the databases of a shop, which die by SIGKILL at the failpoint that is armed. */
export async function startProcesses(shop: Shop) {
  const folder = await mkdtemp(join(tmpdir(), 'onecount-pos-crash-'));
  const running = new Map<ChildProcess, Promise<void>>();
  const endAll = async () => {
    for (const child of running.keys()) child.kill('SIGKILL');
    await Promise.all(running.values());
  };
  return {
    /** What still runs would go on with what the next test leaves unfinished. */
    endAll,
    arm: (name: FailpointName) => writeFile(join(folder, `pos.${name}`), ''),
    async start() {
      const env = {
        ...shop.posEnv,
        LOG_LEVEL: 'info',
        FAILPOINT_DIR: folder,
        SWEEP_INTERVAL_MS: '50',
        SWEEP_AFTER_SECONDS: '0.2',
      };
      const main = join(import.meta.dirname, '../src/main.ts');
      const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      const exited = once(child, 'exit').then(() => void running.delete(child));
      running.set(child, exited);
      const url = await new Promise<string>((resolve, reject) => {
        void exited.then(() => reject(new Error('pos ended before it listened')));
        createInterface({ input: child.stdout! }).on('line', (line) => {
          const entry = JSON.parse(line) as { msg?: string; url?: string };
          if (entry.msg === 'listening') resolve(entry.url!);
        });
      });
      return { exited, graphql: graphqlOver(url, shop) };
    },
    async stop() {
      await endAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
