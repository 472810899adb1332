import type { Database } from '@onecount/db';
import { oneById } from '../request.loaders.ts';
import { selectMovements, type MovementRow } from './movement.sql.ts';

export type MovementLoaders = ReturnType<typeof movementLoaders>;

export function movementLoaders(db: Database) {
  return { movement: oneById<MovementRow>(db, 'movement', selectMovements) };
}
