import { migration } from '@onecount/db';

/** A register that is used no more keeps its name, its shifts and its receipts; it opens no more until it is put back. */
export const RegistersArePutAway1799800000000 = migration(
  'RegistersArePutAway1799800000000',
  'ALTER TABLE register ADD COLUMN deactivated_at timestamptz;',
);
