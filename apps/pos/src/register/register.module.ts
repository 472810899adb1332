import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { registerResolvers } from './register.resolvers.ts';
import { createRegisterManageService } from './register-manage.service.ts';
import { createRegisterService } from './register.service.ts';

export const registerModule: Module<PosDeps> = {
  name: 'register',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db, locations }) => {
    const registers = createRegisterService({ db, locations });
    const management = createRegisterManageService({ db, locations });
    return { resolvers: registerResolvers({ db, registers, management }) };
  },
};
