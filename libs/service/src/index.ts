export { createWorker, type BackgroundTask, type Host, type Worker } from '@onecount/process';
export type { ServiceDefinition, ServiceDeps, ServiceName, ServiceParts } from './definition.ts';
export { runMigrationsFromEnv } from './migrate.ts';
export { defineService, sdlIn, type Module } from './module.ts';
export { operatorOnly } from './operator.ts';
export { runMain, runService } from './run-service.ts';
