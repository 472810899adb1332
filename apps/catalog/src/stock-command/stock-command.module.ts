import type { Module } from '@onecount/service';
import type { CatalogDeps } from '../shared.ts';
import { createStockCommandWorker } from './stock-command.worker.ts';

export const stockCommandModule: Module<CatalogDeps> = {
  name: 'stock-command',
  start: ({ stock, backgroundLog: log }) => ({
    background: [createStockCommandWorker({ stock, log, pollMs: 2_000 })],
  }),
};
