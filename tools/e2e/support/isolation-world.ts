import type { GraphQLSchema } from 'graphql';
import { graphqlClient } from '@onecount/testing';
import { callerOf, shared, type World } from './isolation-call.ts';
import { sellForOthers } from './isolation-consignments.ts';
import { knowPeople } from './isolation-customers.ts';
import { takeBackAndExchange } from './isolation-exchanges.ts';
import { owe } from './isolation-credit.ts';
import { createProducts, deliverStock, numberUnits, receiveStock } from './isolation-goods.ts';
import { layAway } from './isolation-lay-bys.ts';
import { sellOffline } from './isolation-leases.ts';
import { letUnits } from './isolation-rentals.ts';
import { keepAccount, payLater, repairAndVouch, sell } from './isolation-sales.ts';
import { connectShops, importFile, showPictures } from './isolation-shops.ts';
import { convertStock, countStock, keepStock, sendStock, watchStock } from './isolation-stock.ts';

export { shared, type World } from './isolation-call.ts';

type Seed = {
  api: GraphQLSchema;
  graphqlUrl: string;
  token: string;
  tenantId: string;
  marker: string;
  webhookUrl: string;
};

/** One of everything that a tenant can have, each text with the tenant's marker in it. */
export async function createWorld(seed: Seed): Promise<World> {
  const { marker, tenantId } = seed;
  const world: World = {
    ...{ tenantId, marker, word: (label) => `${marker}-${label}` },
    client: graphqlClient(seed.graphqlUrl, seed.token),
    script: [],
    passportUrls: [],
    uploadUrls: [],
  };
  const call = callerOf(world, seed.api);
  const shop = await call(
    'locationCreate',
    { code: shared.locationCode, name: world.word('location') },
    'location { id }',
  );
  const locationId = shop['location'].id as string;
  await createProducts(call, world);
  await receiveStock(call, world);
  await connectShops(call, world, seed.webhookUrl);
  await deliverStock(call, world, locationId);
  await keepStock(call, world);
  await sendStock(call, world, locationId);
  await numberUnits(call, world);
  await convertStock(call, world, locationId);
  await watchStock(call, world, locationId);
  await countStock(call, world, locationId);
  await sell(call, world);
  await payLater(call, world);
  await takeBackAndExchange(call, world, locationId);
  await sellOffline(call, world);
  await layAway(call, world);
  await knowPeople(call, world);
  await sellForOthers(call, world);
  await owe(call, world);
  await keepAccount(call, world);
  await letUnits(call, world);
  await repairAndVouch(call, world);
  await importFile(call, world);
  await showPictures(call, world);
  return world;
}
