const telemetry =
  'exporter-metrics-otlp-http|sdk-metrics|resources|resource-detector-[a-z-]+|semantic-conventions/incubating';

/**
 * What @apollo/gateway loads only to send figures to its maker, the HTTP clients of its own data source, which ours
 * replaces, and the composer, for which a static supergraph has no use. Loaded, they take about 19 MB of a process
 * that has 150 (docs/adr/0083, 0035), and what is not loaded cannot report.
 */
export const unusedPackages = new RegExp(
  `^(@opentelemetry/(${telemetry})|make-fetch-happen|node-fetch|@apollo/composition)$`,
);
