export type {
  BackgroundTask,
  ServiceDefinition,
  ServiceDeps,
  ServiceName,
  ServiceParts,
} from './definition.ts';
export type { HealthReport, PartReport } from './health.ts';
export { processHost, watchParent, type Host } from './host.ts';
export { runMain } from './main.ts';
export { runMigrationsFromEnv } from './migrate.ts';
export {
  defineService,
  sdlIn,
  type Module,
  type ModuleParts,
  type ServiceOptions,
} from './module.ts';
export { runService, type RunningService } from './run-service.ts';
export { createShutdown, type Step } from './shutdown.ts';
