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
export { databaseServices, migrateService, type DatabaseService } from './migrate.ts';
export { freePort } from './process/ports.ts';
export { isRunning, stopProcess, waitForExit } from './process/process.ts';
export { reapFolder, type Reaper } from './process/reaper.ts';
export { StackError } from './stack.errors.ts';
