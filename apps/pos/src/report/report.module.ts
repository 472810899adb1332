import { sdlIn, type Module } from '@onecount/service';
import type { PosDeps } from '../shared.ts';
import { reportResolvers } from './report.resolvers.ts';
import { zReportResolvers } from './z-report.resolvers.ts';

export const reportModule: Module<PosDeps> = {
  name: 'report',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({ resolvers: [reportResolvers({ db }), zReportResolvers({ db })] }),
};
