import type { Database } from '@onecount/db';
import { oneById } from '../request.loaders.ts';
import { selectLocations, type LocationRow } from './location.sql.ts';

export type LocationLoaders = ReturnType<typeof locationLoaders>;

export function locationLoaders(db: Database) {
  return { location: oneById<LocationRow>(db, 'location', selectLocations) };
}
