import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventHandler } from '@onecount/messaging';
import type { ServiceDefinition } from '@onecount/service';
import { saleCommitted } from './consumers/sale-committed.ts';
import { serialUnitChanged } from './consumers/serial-unit-changed.ts';
import { repairResolvers } from './repair/repair.resolvers.ts';
import { createRepairService } from './repair/repair.service.ts';

export const definition: ServiceDefinition = {
  name: 'workshop',
  typeDefs: () => readFileSync(join(import.meta.dirname, 'repair/repair.graphql'), 'utf8'),
  start: ({ db }) => ({
    resolvers: repairResolvers({ db, service: createRepairService({ db }) }),
    handlers: [serialUnitChanged, saleCommitted] as EventHandler[],
  }),
};
