import { resolve } from 'node:path';
import { sharedTypeDefs } from '@onecount/graphql';
import { parse, print } from 'graphql';
import { readSubgraphs, subgraphNames } from './subgraphs.ts';

const root = resolve(__dirname, '../..');

const definitionsOf = (sdl: string) =>
  parse(sdl, { noLocation: true })
    .definitions.map((one) => print(one))
    .sort();

// The supergraph is composed of every .graphql file of an app, a service serves those of its modules: a
// folder that no module names would promise fields that nobody answers.
test.each(subgraphNames)('%s serves the SDL that the supergraph is composed of', async (name) => {
  // Two apps in one process would meet in the names of their statements.
  jest.resetModules();
  const [source] = await readSubgraphs(root, [name]);
  const { definition } = await import(`../../apps/${name}/src/service.ts`);
  expect(definitionsOf(`${sharedTypeDefs}\n${definition.typeDefs()}`)).toEqual(
    definitionsOf(print(source!.document)),
  );
});
