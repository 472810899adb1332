import { registerHooks } from 'node:module';

// What @apollo/gateway loads only to send figures to its maker, and the HTTP client of its own data
// source, which ours replaces. Loaded, they take about 12 MB of a process that has 150 (docs/adr/0083),
// and what is not loaded cannot report. APOLLO_TELEMETRY_DISABLED keeps them from being called.
const unused =
  /^(@opentelemetry\/(exporter-metrics-otlp-http|sdk-metrics|resources|resource-detector-[a-z-]+)|make-fetch-happen)$/;
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
