// A service with as little of its own as possible, run as a process by the specs.
import type { ServiceConfig } from '@onecount/config';
import { runMain, type ServiceDefinition } from '../src/index.ts';
import { readConfig } from './config.ts';

const definition: ServiceDefinition<ServiceConfig> = {
  name: 'workshop',
  typeDefs: () => /* GraphQL */ `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])
    type Query {
      name: String! @scopes(anyOf: ["repair:read"])
    }
  `,
  start: () => ({
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
