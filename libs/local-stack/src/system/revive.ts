import { setTimeout as delay } from 'node:timers/promises';
import type { Logs } from './log-lines.ts';

const pauseMs = 500;

/** Starts a server again that ended by itself; tries until it stands or the system stops. */
export function keepAlive(
  name: string,
  server: { start(): Promise<void> },
  parts: { logs: Logs; isStopping: boolean },
): void {
  const revive = async () => {
    while (!parts.isStopping) {
      parts.logs.say('start', `${name} ended; it is started again`);
      try {
        await server.start();
        return;
      } catch (err) {
        parts.logs.say('start', (err as Error).message);
        await delay(pauseMs);
      }
    }
  };
  void revive();
}
