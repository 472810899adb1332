import { subgraphs } from '@onecount/local-stack';
import type { Fault } from '../fault.ts';

/** The connections of a service end under it: requests, relay and workers alike. */
export const backends: Fault = {
  name: 'database backends killed',
  async strike({ system, random, struck }) {
    const service = random.pick(subgraphs);
    const rows = await system.sources.rows(
      service,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'onecount-%'`,
    );
    struck(`${rows.length} backends of ${service} are killed`);
  },
};
