import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceConfig } from '@onecount/config';
import type { ServiceDeps } from './definition.ts';
import { defineService, sdlIn, type Module } from './module.ts';

type Shared = { done: string[] };
const deps = {} as ServiceDeps<ServiceConfig>;
const share = () => ({ done: [] as string[] });

const task = (name: string) => ({ name, start: () => {}, stop: () => {} });
const noun = (name: string, resolvers: object | object[]): Module<Shared> => ({
  name,
  start: ({ done }) => {
    done.push(name);
    return {
      resolvers,
      background: [task(`${name}-${done.length}`)],
      ready: async () => void done.push(`${name} is ready`),
    };
  },
});

describe('a service of modules', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onecount-module-'));
    await writeFile(join(folder, 'b.graphql'), 'type B { id: ID! }');
    await writeFile(join(folder, 'a.graphql'), 'type A { id: ID! }');
    await writeFile(join(folder, 'a.ts'), 'not SDL');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('has the SDL of its folders in the order of their names, without starting one', () => {
    const start = () => {
      throw new Error('was started');
    };
    const typeDefs = sdlIn(folder);
    const definition = defineService({
      name: 'pos',
      modules: [{ name: 'till', typeDefs, start }],
      share,
    });
    expect(definition.typeDefs()).toBe('type A { id: ID! }\ntype B { id: ID! }');
  });

  test('starts its modules in turn, shares what was made once, and puts their parts together', async () => {
    let shared: Shared | undefined;
    const { start } = defineService({
      name: 'pos',
      modules: [
        noun('sale', { Query: { sale: 1 }, Sale: { lines: 2 } }),
        noun('till', [{ Query: { till: 3 } }, { Query: { shift: 4 } }]),
      ],
      share: () => (shared = share()),
    });
    const parts = await start(deps);
    expect(parts.resolvers).toEqual({
      Query: { sale: 1, till: 3, shift: 4 },
      Sale: { lines: 2 },
    });
    expect(parts.background?.map(({ name }) => name)).toEqual(['sale-1', 'till-2']);
    await parts.ready?.();
    expect(shared?.done).toEqual(['sale', 'till', 'sale is ready', 'till is ready']);
  });

  test('does not start when two modules resolve one field', async () => {
    const { start } = defineService({
      name: 'pos',
      modules: [noun('sale', { Query: { sale: 1 } }), noun('till', { Query: { sale: 2 } })],
      share,
    });
    await expect(start(deps)).rejects.toThrow('sale and till both resolve Query.sale');
  });
});
