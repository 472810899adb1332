import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventHandler } from '@onecount/messaging';
import type { ServiceDefinition } from '@onecount/service';
import type { PassportConfig } from './config.ts';
import { productChanged } from './consumers/product-changed.ts';
import { saleCommitted } from './consumers/sale-committed.ts';
import { serialUnitChanged } from './consumers/serial-unit-changed.ts';
import { addIssuerRoutes } from './issuer/issuer.routes.ts';
import { createIssuer } from './issuer/issuer.ts';
import { addPageRoutes } from './page/page.routes.ts';
import { passportResolvers } from './passport/passport.resolvers.ts';
import { createPassportService } from './passport/passport.service.ts';

export const definition: ServiceDefinition<PassportConfig> = {
  name: 'passport',
  typeDefs: () => readFileSync(join(import.meta.dirname, 'passport/passport.graphql'), 'utf8'),
  async start({ config, db }) {
    const publicUrl = config.PASSPORT_PUBLIC_URL;
    const issuer = await createIssuer({
      publicUrl,
      name: config.PASSPORT_ISSUER_NAME,
      signingKey: config.PASSPORT_SIGNING_KEY,
      formerKeys: config.PASSPORT_FORMER_KEYS,
    });
    const service = createPassportService({ db, issuer, publicUrl });
    return {
      resolvers: passportResolvers({ db, issuer, service }),
      handlers: [serialUnitChanged, productChanged, saleCommitted(issuer.urlOf)] as EventHandler[],
      routes(app) {
        addIssuerRoutes(app, issuer);
        addPageRoutes(app, { db, issuer });
      },
    };
  },
};
