import { registerHooks } from 'node:module';

// What @apollo/gateway loads only to send figures to its maker, the HTTP clients of its own data source,
// which ours replaces, and the composer, for which a static supergraph has no use. Loaded, they take about
// 19 MB of a process that has 150 (docs/adr/0083, 0035), and what is not loaded cannot report.
// APOLLO_TELEMETRY_DISABLED keeps them from being called.
const telemetry =
  'exporter-metrics-otlp-http|sdk-metrics|resources|resource-detector-[a-z-]+|semantic-conventions/incubating';
const unused = new RegExp(
  `^(@opentelemetry/(${telemetry})|make-fetch-happen|node-fetch|@apollo/composition)$`,
);
const empty = 'onecount:empty';

registerHooks({
  resolve: (specifier, context, next) =>
    unused.test(specifier) && context.parentURL?.includes('/@apollo/')
      ? { url: empty, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === empty
      ? { format: 'commonjs', source: 'module.exports = {};', shortCircuit: true }
      : next(url, context),
});
