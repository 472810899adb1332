import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceConfig } from '@onecount/config';
import type { EntitySchema } from 'typeorm';
import type { ServiceDefinition, ServiceDeps, ServiceName, ServiceParts } from './definition.ts';

/** What one noun of an app brings. Its SDL and entities are known without starting anything. */
export type Module<Deps> = {
  name: string;
  /** Addresses of .graphql files; `sdlIn(import.meta.dirname)` are those beside the module. */
  typeDefs?: readonly string[];
  entities?: readonly EntitySchema[];
  start: (deps: Deps) => ModuleParts | Promise<ModuleParts>;
};

/** `resolvers`: one map, or one for each part of the noun. */
export type ModuleParts = Omit<ServiceParts, 'resolvers'> & {
  resolvers?: object | readonly object[];
};

export type ServiceOptions<C extends ServiceConfig, Deps> = {
  name: ServiceName;
  /** SDL of no single noun: types that several answer with. */
  typeDefs?: readonly string[];
  /** They start in this order and, in it, take their addresses and their background work. */
  modules: readonly Module<Deps>[];
  fetchEveryMs?: ServiceDefinition['fetchEveryMs'];
  /** What several nouns share, made once before the first of them starts. */
  share: (deps: ServiceDeps<C>) => Deps | Promise<Deps>;
};

/** An app as the list of its nouns: a new one is its folder and a line here. */
export function defineService<C extends ServiceConfig, Deps>({
  name,
  typeDefs = [],
  modules,
  fetchEveryMs,
  share,
}: ServiceOptions<C, Deps>): ServiceDefinition<C> {
  const files = [...typeDefs, ...modules.flatMap((module) => module.typeDefs ?? [])];
  return {
    name,
    typeDefs: () => files.map((file) => readFileSync(file, 'utf8')).join('\n'),
    entities: modules.flatMap((module) => module.entities ?? []),
    fetchEveryMs,
    async start(deps) {
      const shared = await share(deps);
      const started: StartedModule[] = [];
      for (const module of modules)
        started.push({ name: module.name, ...(await module.start(shared)) });
      return partsOf(started);
    },
  };
}

/** The .graphql files of one folder, in the order of their names. */
export function sdlIn(folder: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  return files.sort().map((file) => join(folder, file));
}

type StartedModule = ModuleParts & { name: string };

function partsOf(modules: readonly StartedModule[]): ServiceParts {
  return {
    resolvers: mergeResolvers(modules),
    handlers: modules.flatMap(({ handlers }) => handlers ?? []),
    background: modules.flatMap(({ background }) => background ?? []),
    async routes(app) {
      // Each in a scope of its own: what one of them accepts as a body is no matter of another.
      for (const { routes } of modules)
        if (routes) await app.register(async (scope) => routes(scope));
    },
    async ready() {
      for (const module of modules) await module.ready?.();
    },
  };
}

/** A field that two nouns resolve would silently be the later one's. */
function mergeResolvers(
  modules: readonly Pick<StartedModule, 'name' | 'resolvers'>[],
): Record<string, object> {
  const merged: Record<string, Record<string, unknown>> = {};
  const owners = new Map<string, string>();
  for (const { name, resolvers = {} } of modules) {
    for (const [type, fields] of [resolvers].flat().flatMap((map) => Object.entries(map))) {
      for (const [field, resolve] of Object.entries((fields ?? {}) as object)) {
        const owner = owners.get(`${type}.${field}`);
        if (owner) throw new Error(`${owner} and ${name} both resolve ${type}.${field}`);
        owners.set(`${type}.${field}`, name);
        (merged[type] ??= {})[field] = resolve;
      }
    }
  }
  return merged;
}
