import { defineService } from '@onecount/service';
import { priceModule } from './price/price.module.ts';
import { registerModule } from './register/register.module.ts';
import { saleModule } from './sale/sale.module.ts';
import { share } from './shared.ts';

export const definition = defineService({
  name: 'pos',
  modules: [priceModule, registerModule, saleModule],
  share,
});
