export { createWorker, type BackgroundTask, type Host, type Worker } from '@onecount/process';
export { csvLine, protectedCell, restoredText } from './csv-text.ts';
export { createDownload, type DownloadedFile, type DownloadSigning } from './download.ts';
export type { ServiceDefinition, ServiceDeps, ServiceName, ServiceParts } from './definition.ts';
export { runMigrationsFromEnv } from './migrate.ts';
export { defineService, sdlIn, type Module } from './module.ts';
export { operatorOnly } from './operator.ts';
export { isSigned, signatureOf } from './signature.ts';
export { runMain, runService } from './run-service.ts';
