// A service with as little of its own as possible, run as a process by the specs.
import type { ServiceConfig } from '@onecount/config';
import { createWorker, runMain, type ServiceDefinition } from '../src/index.ts';
import { readConfig } from './config.ts';

const definition: ServiceDefinition<ServiceConfig> = {
  name: 'workshop',
  typeDefs: () => /* GraphQL */ `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])
    type Query {
      name: String! @scopes(anyOf: ["repair:read"])
    }
  `,
  start: ({ db, backgroundLog }) => ({
    handlers: [
      { type: 'workshop.repair-changed', consumer: 'workshop.minimal', handle: async () => {} },
    ],
    background: [
      createWorker({
        name: 'minimal',
        intervalMs: 100,
        run: () => db.ready(),
        onError: (err) => backgroundLog.error({ err }, 'a run failed'),
      }),
    ],
    resolvers: { Query: { name: () => 'workshop' } },
    routes(app) {
      app.get('/slow', async () => {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return { isDone: true };
      });
      app.get('/crash', async () => {
        setImmediate(() => {
          throw new Error('nobody catches this');
        });
        return {};
      });
      app.get('/memory', async () => ({ rssMb: process.memoryUsage().rss / 1024 / 1024 }));
    },
  }),
};

await runMain(definition, readConfig);
