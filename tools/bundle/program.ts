import { join } from 'node:path';
import { spawnService, type Launch, type ServiceSpec } from '@onecount/local-stack';
import { bundleFolder } from './config.ts';

/** What a test runs in place of a service's sources: its bundle, and its environment with that one's compile cache. */
export function programOf({ name, env }: ServiceSpec) {
  const folder = bundleFolder();
  return {
    main: join(folder, `${name}.mjs`),
    env: { ...env, NODE_COMPILE_CACHE: join(folder, 'compile-cache') },
  };
}

/** A service as a process; without the idle collection of a developer's machine, whose memory the tests do not measure. */
export const launchBundle: Launch = (spec) => {
  const { main, env } = programOf(spec);
  return spawnService({ ...spec, env }, { main });
};
