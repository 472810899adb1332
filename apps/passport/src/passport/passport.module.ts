import { sdlIn, type Module } from '@onecount/service';
import { saleCommitted } from '../consumers/sale-committed.ts';
import { saleReturned } from '../consumers/sale-returned.ts';
import type { PassportDeps } from '../shared.ts';
import { passportResolvers } from './passport.resolvers.ts';
import { createPassportService } from './passport.service.ts';

export const passportModule: Module<PassportDeps> = {
  name: 'passport',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ config, db, issuer }) => {
    const waitMs = config.EVENT_WAIT_MS * config.TIMEOUT_FACTOR;
    const publicUrl = config.PASSPORT_PUBLIC_URL;
    const service = createPassportService({ db, issuer, publicUrl, waitMs });
    return {
      resolvers: passportResolvers({ db, issuer, service }),
      handlers: [saleCommitted(issuer.urlOf), saleReturned(issuer.urlOf)],
    };
  },
};
