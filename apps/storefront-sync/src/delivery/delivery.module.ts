import type { Module } from '@onecount/service';
import type { StorefrontDeps } from '../shared.ts';

export const deliveryModule: Module<StorefrontDeps> = {
  name: 'delivery',
  start: ({ worker }) => ({ background: [worker] }),
};
