export {
  addHealthRoutes,
  createHealth,
  type Health,
  type HealthPart,
  type HealthReport,
  type PartReport,
} from './health.ts';
export { processHost, reasonOf, type Host } from './host.ts';
export { createOutageLog, type Dependency, type LineLog, type OutageLog } from './outage-log.ts';
export { runProcess, StartError } from './run-process.ts';
export type { Step } from './shutdown.ts';
export { withConfig } from './with-config.ts';
export { createWorker, type BackgroundTask, type Worker } from './worker.ts';
