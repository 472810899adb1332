import { migration } from '@onecount/db';

/** What a label names is the unit; the public page finds its passport without knowing the tenant. */
export const APassportByItsUnit1799900300000 = migration(
  'APassportByItsUnit1799900300000',
  'CREATE INDEX passport_public_unit_lookup ON passport (serial_unit_id);',
);
