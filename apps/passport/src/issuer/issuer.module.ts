import type { Module } from '@onecount/service';
import type { PassportDeps } from '../shared.ts';
import { addIssuerRoutes } from './issuer.routes.ts';

export const issuerModule: Module<PassportDeps> = {
  name: 'issuer',
  start: ({ issuer }) => ({ routes: (app) => addIssuerRoutes(app, issuer) }),
};
