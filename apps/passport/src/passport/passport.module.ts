import { sdlIn, type Module } from '@onecount/service';
import { saleCommitted } from '../consumers/sale-committed.ts';
import type { PassportDeps } from '../shared.ts';
import { passportResolvers } from './passport.resolvers.ts';
import { createPassportService } from './passport.service.ts';

export const passportModule: Module<PassportDeps> = {
  name: 'passport',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, issuer }) => {
    const service = createPassportService({ db, issuer, publicUrl: config.PASSPORT_PUBLIC_URL });
    return {
      resolvers: passportResolvers({ db, issuer, service }),
      handlers: [saleCommitted(issuer.urlOf)],
    };
  },
};
