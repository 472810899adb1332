import type { Module } from '@onecount/service';
import type { PassportDeps } from '../shared.ts';
import { addPageRoutes } from './page.routes.ts';

export const pageModule: Module<PassportDeps> = {
  name: 'page',
  start: ({ db, issuer }) => ({ routes: (app) => addPageRoutes(app, { db, issuer }) }),
};
