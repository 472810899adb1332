import type { Module } from '@onecount/service';
import { serialUnitChanged } from '../consumers/serial-unit-changed.ts';

export const knownUnitModule: Module<object> = {
  name: 'known-unit',
  start: () => ({ handlers: [serialUnitChanged] }),
};
