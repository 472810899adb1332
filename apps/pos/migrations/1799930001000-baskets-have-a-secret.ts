import { migration } from '@onecount/db';

/** The SHA-256 of the secret of a basket that a public shop's token opened; nobody else's has one (ADR 0346). */
export const BasketsHaveASecret1799930001000 = migration(
  'BasketsHaveASecret1799930001000',
  `
ALTER TABLE sale ADD COLUMN secret_hash bytea,
  ADD CONSTRAINT sale_secret_is_a_hash CHECK (length(secret_hash) = 32) NOT VALID;
ALTER TABLE sale VALIDATE CONSTRAINT sale_secret_is_a_hash;`,
);
