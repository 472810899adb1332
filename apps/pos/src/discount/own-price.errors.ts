import { refuse } from '@onecount/refusal';

export type OwnPriceRefused = ReturnType<typeof ownPriceRefused>;

export function ownPriceRefused() {
  const message = 'Another price than the listed one needs `sale:discount`.';
  return refuse('OwnPriceRefused', 'OWN_PRICE_REFUSED', message, {});
}
