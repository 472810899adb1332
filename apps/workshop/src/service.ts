import { defineService, type ServiceDeps } from '@onecount/service';
import type { WorkshopConfig } from './config.ts';
import { knownUnitModule } from './known-unit/known-unit.module.ts';
import { repairModule } from './repair/repair.module.ts';

export const definition = defineService({
  name: 'workshop',
  modules: [knownUnitModule, repairModule],
  // Which pieces there are: what a ticket may do, inventory decides.
  fetchEveryMs: 500,
  share: (deps: ServiceDeps<WorkshopConfig>) => deps,
});
