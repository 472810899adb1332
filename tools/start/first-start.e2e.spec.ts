import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem } from '@onecount/local-stack';
import { cases, eventually } from '@onecount/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { devFile, launch, type Launched } from './launched.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onecount-first-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const embedded = { EVENT_LOG: 'embedded' };

async function locations(home: string): Promise<number> {
  const { graphqlUrl, tokens } = await devFile(home);
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens['owner']}` },
    body: JSON.stringify({ query: '{ locations(first: 10) { nodes { code } } }' }),
  });
  const answer = (await response.json()) as { data: { locations: { nodes: unknown[] } } };
  return answer.data.locations.nodes.length;
}

const file = (path: string) => (home: string) => existsSync(join(home, path));
const said = (text: string) => (_home: string, system: Launched) => system.output().includes(text);

/** In the order in which a first start comes by. */
const moments = [
  { when: 'its folder is made', isReached: file('launcher.json') },
  { when: 'its secrets are written', isReached: file('secrets.json') },
  { when: 'PostgreSQL makes its data folder', isReached: file('postgres.log') },
  { when: 'the data folder is there', isReached: file('postgres/PG_VERSION') },
  { when: 'PostgreSQL starts', isReached: file('postgres/postmaster.pid') },
  { when: 'the services start', isReached: said('services on ports') },
];
const signals = ['SIGKILL', 'SIGINT'] as const;

// Together: one home is ended at each moment in turn. Alone: a home of its own for each.
const ends = cases({
  together: signals.map((signal) => ({ signal, at: moments })),
  alone: signals.flatMap((signal) => moments.map((moment) => ({ signal, at: [moment] }))),
});

test.each(ends)('a home whose first start is ended by $signal starts', async ({ signal, at }) => {
  const home = await mkdtemp(join(folder, 'home-'));
  for (const { when, isReached } of at) {
    const system = launch(home, embedded);
    await eventually(() => isReached(home, system), { intervalMs: 1, what: when });
    await system.end(signal);
  }
  const system = launch(home, embedded);
  await system.ready();
  expect(await locations(home)).toBe(3);
  expect(await system.end('SIGTERM')).toBe(143);
});

test('several first starts at once all come up, each with ports of its own', async () => {
  const count = cases({ together: [2], alone: [10] })[0]!;
  const homes = Array.from({ length: count }, (_, index) => join(folder, `at-once-${index}`));
  const systems = homes.map((home) => launch(home, embedded));
  try {
    await Promise.all(systems.map((system) => system.ready()));
    expect(await Promise.all(homes.map(locations))).toEqual(homes.map(() => 3));
    const urls = await Promise.all(homes.map(async (home) => (await devFile(home)).graphqlUrl));
    expect(new Set(urls).size).toBe(count);
  } finally {
    await Promise.all(systems.map((system) => system.end('SIGTERM')));
  }
});

test('ports that others take in the moment of the start are given up for other ones', async () => {
  const stolen = new Set<number>();
  const thieves: Server[] = [];
  // The line comes between the release of the ports and the start of those who will listen there. What
  // answers says that it is ready, as a service of another system would.
  const steal = (line: string) => {
    const said = /(?:PostgreSQL on port|services on ports|Kafka on port) ([\d, ]+)/.exec(line);
    if (!said || stolen.size >= 9) return;
    for (const port of said[1]!.split(',').map(Number)) {
      stolen.add(port);
      thieves.push(createServer((_, response) => response.end('{}')).listen(port, '127.0.0.1'));
    }
  };
  const system = await startSystem({
    home: join(folder, 'stolen'),
    otherPorts: 'random',
    write: steal,
  });
  try {
    expect(stolen.size).toBe(9);
    expect(await locations(join(folder, 'stolen'))).toBe(3);
  } finally {
    await system.stop();
    for (const thief of thieves) thief.close();
  }
});
