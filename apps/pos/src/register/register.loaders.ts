import type { Database } from '@onecount/db';
import type { SubgraphContext } from '@onecount/graphql';
import { rowLoader } from '../row-loader.ts';
import { registersByIds, type Register } from './register.sql.ts';

export const registerLoader = rowLoader('register', registersByIds, ({ id }) => id);

/** The field `register` of what was written at one: it is there. */
export const registerOf =
  (db: Database) =>
  async (
    { registerId }: { registerId: string },
    _: unknown,
    context: SubgraphContext,
  ): Promise<Register> =>
    (await registerLoader(db, context).load(registerId))!;
