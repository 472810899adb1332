import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { registerResolvers } from './register.resolvers.ts';
import { createRegisterService } from './register.service.ts';

export const registerModule: Module<PosDeps> = {
  name: 'register',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, locations, checkout }) => {
    const settleSale = checkout.driver.settle;
    const registers = createRegisterService({ db, locations, settleSale });
    return { resolvers: registerResolvers({ db, registers }) };
  },
};
