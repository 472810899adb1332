export { createDatabase, type Database, type SystemRole } from './database.ts';
export type { Command, Constraints, RunCommand } from './command.ts';
export type { DatabaseOptions } from './pool.ts';
export { TransactionAbortedError, type EntityTx, type Tx } from './transaction.ts';
export { sql, type Statement } from './statement.ts';
export { newestWins, waitForCopy } from './read-copy.ts';
export { exactlyOne } from './rows.ts';
export { tenantIdOf, uuidv7, type TenantId } from './ids.ts';
export { refusalFromConstraint, type ConstraintDetail } from './constraint.ts';
export {
  idempotencyKeyReused,
  idempotencyTable,
  inputHash,
  isKept,
  keepRefusalAfter,
  keyFor,
  refusalOf,
  type IdempotencyKeyReused,
  type KeyedRequest,
  type KeyHolder,
} from './idempotency.ts';
export { acrossTenants, tenantTable } from './tenant-table.ts';
export { asOwner, refuseCollisions, uniqueKey } from './unique-key.ts';
export { migration, runMigrations, type MigrationClass } from './migrations.ts';
export { isDatabaseError, type DatabaseError } from './pg-errors.ts';
