import { defineService } from '@onecount/service';
import { issuerModule } from './issuer/issuer.module.ts';
import { knownUnitModule } from './known-unit/known-unit.module.ts';
import { pageModule } from './page/page.module.ts';
import { passportModule } from './passport/passport.module.ts';
import { share } from './shared.ts';

export const definition = defineService({
  name: 'passport',
  modules: [knownUnitModule, issuerModule, passportModule, pageModule],
  // A page that is looked at later.
  fetchEveryMs: 500,
  share,
});
