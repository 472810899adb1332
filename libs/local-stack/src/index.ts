export { startPostgres, type Postgres, type PostgresOptions } from './postgres/postgres.ts';
export {
  createServiceDatabase,
  databaseUrl,
  provisionDatabases,
  rolesOf,
  type ProvisionOptions,
  type ServiceDatabase,
  type ServiceRoles,
} from './postgres/provision.ts';
export { startKafka, type Kafka, type KafkaOptions } from './kafka/kafka.ts';
export { migrateService } from './migrate.ts';
export { subgraphs, type Subgraph } from './subgraphs.ts';
export { freePort } from './process/ports.ts';
export { isRunning, stopProcess, waitForExit } from './process/process.ts';
export { reapFolder, type Reaper } from './process/reaper.ts';
export { StackError } from './stack.errors.ts';
export { startSystem, type System, type SystemOptions } from './system/system.ts';
export { services, type SystemService } from './system/service-env.ts';
export {
  launchService,
  spawnService,
  type Launch,
  type ServiceRun,
  type ServiceSpec,
} from './system/supervisor.ts';
export { portNames, portVariable, type PortName } from './system/system-ports.ts';
export { type EventLogChoice } from './system/event-log.ts';
export { homePaths, runningLauncher, stopLeftovers } from './system/home.ts';
export {
  devLocations,
  mintOfRunningSystem,
  tenantA,
  tenantB,
  type DevTokens,
  type TenantTokens,
} from './system/dev-tenants.ts';
