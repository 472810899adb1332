import type pg from 'pg';
import { DataSource } from 'typeorm';
import { connectionOptions, connectTimeoutMs, type DatabaseOptions } from './pool.ts';

export type EntitySource = { dataSource: DataSource; pool: pg.Pool };

/**
 * TypeORM with its pool, which raw statements use too: two pools would double the connections and
 * could not share a transaction. The only module that loads TypeORM for a running service, and loaded
 * only by those with entities: it adds about 17 MB to a process.
 */
export async function openEntitySource(options: DatabaseOptions): Promise<EntitySource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: options.applicationName,
    poolSize: options.poolMax,
    connectTimeoutMS: connectTimeoutMs(options),
    entities: options.entities ?? [],
    installExtensions: false,
    synchronize: false,
    logging: false,
    poolErrorHandler: options.onPoolError,
    extra: connectionOptions(options),
  });
  await dataSource.initialize();
  const { master } = dataSource.driver as unknown as { master: pg.Pool };
  return { dataSource, pool: master };
}
