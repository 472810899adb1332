import type { Database } from '@onecount/db';
import { oneById } from '../request.loaders.ts';
import { selectHolds, selectTakeovers } from './hold.sql.ts';
import type { HoldRow, HoldTakeover } from './hold.ts';

export type HoldLoaders = ReturnType<typeof holdLoaders>;

export function holdLoaders(db: Database) {
  return {
    hold: oneById<HoldRow>(db, 'hold', selectHolds),
    takeover: oneById<HoldTakeover>(db, 'hold-takeover', selectTakeovers),
  };
}
