import type { Database } from '@onecount/db';
import type { SubgraphContext } from '@onecount/graphql';
import { sdlIn, type Module } from '@onecount/service';
import type { Resolvers } from '../generated/resolver-types.ts';
import type { PosDeps } from '../shared.ts';
import { correctionsOf, type SizeCorrection } from './size-correction.sql.ts';

export const sizeCorrectionModule: Module<PosDeps> = {
  name: 'size-correction',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({
    resolvers: {
      Sale: { corrections: ({ id }, _, context) => correctionsOfSale(db, id, context) },
    } satisfies Resolvers,
  }),
};

function correctionsOfSale(
  db: Database,
  saleId: string,
  context: SubgraphContext,
): Promise<SizeCorrection[]> {
  const { tenantId } = context.caller;
  const loader = context.loader<string, SizeCorrection[]>('corrections-of-sale', async (ids) => {
    const asked = { saleIds: ids, at: new Date() };
    const rows = await db.read(tenantId, (tx) => correctionsOf(tx, asked));
    const bySale = Map.groupBy(rows, (row) => row.saleId);
    return ids.map((id) => bySale.get(id) ?? []);
  });
  return loader.load(saleId);
}
