import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export type BenchServer = { url: string; pid: number; stop(): Promise<void> };

/** Starts a script that reports `{ url }` once it listens. It ends with us: the channel is its leash. */
export async function startServer(
  script: string,
  env: Record<string, string>,
): Promise<BenchServer> {
  const child: ChildProcess = fork(script, [], {
    env: { ...env, PORT: '0' } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const failed = ended.then(([code]) => {
    throw new Error(`${script} ended with ${code} before it listened`);
  });
  const [message] = (await Promise.race([once(child, 'message'), failed])) as [{ url: string }];
  failed.catch(() => undefined);
  return {
    url: message.url,
    pid: child.pid!,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** For the scripts themselves. */
export function reportListening(url: string): void {
  process.send!({ url });
  process.once('disconnect', () => process.exit(0));
}
