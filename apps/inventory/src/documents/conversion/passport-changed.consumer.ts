import type { EventHandler } from '@onecount/messaging';
import { markPassport } from './passport.sql.ts';

/** A unit that somebody can look up by its passport stays a unit: it is never collapsed into a quantity. */
export const onPassportChanged: EventHandler<'passport.passport-changed'> = {
  type: 'passport.passport-changed',
  consumer: 'inventory.unit-passport',
  // Revoked or not: a passport that was given out goes on speaking about this one piece.
  async handle(tx, { data }) {
    await markPassport(tx, data.serialUnitId);
  },
};
