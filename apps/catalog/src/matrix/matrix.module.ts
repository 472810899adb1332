import { sdlIn, type Module, type ServiceDeps } from '@onecount/service';
import { matrixResolvers } from './matrix.resolvers.ts';
import { createMatrixService } from './matrix.service.ts';

export const matrixModule: Module<Pick<ServiceDeps, 'db'>> = {
  name: 'matrix',
  typeDefs: sdlIn(import.meta.dirname),
  start: ({ db }) => ({ resolvers: matrixResolvers({ matrix: createMatrixService({ db }) }) }),
};
