import { readFile } from 'node:fs/promises';
import { homePaths, runningLauncher } from '@onecount/local-stack';
import { homeFolder } from '../start/config.ts';
import type { SceneOptions } from './scene.ts';

type Target = Pick<SceneOptions, 'graphqlUrl' | 'tokens'>;

export const isColoured = (env = process.env): boolean =>
  Boolean(process.stdout.isTTY) && !env['NO_COLOR'];

/** Endpoint and tokens of the system that runs here; undefined when none does. */
export async function runningTarget(): Promise<Target | undefined> {
  const home = homeFolder();
  if (!(await runningLauncher(home))) return undefined;
  const text = await readFile(homePaths(home).devFile, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Target);
}
