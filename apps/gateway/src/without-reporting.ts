import { registerHooks } from 'node:module';
import { unusedPackages } from './unused-packages.ts';

// APOLLO_TELEMETRY_DISABLED keeps them from being called.
const empty = 'onecount:empty';

registerHooks({
  resolve: (specifier, context, next) =>
    unusedPackages.test(specifier) && context.parentURL?.includes('/@apollo/')
      ? { url: empty, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === empty
      ? { format: 'commonjs', source: 'module.exports = {};', shortCircuit: true }
      : next(url, context),
});
