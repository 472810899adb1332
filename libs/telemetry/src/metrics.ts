import {
  Counter,
  Gauge,
  Histogram,
  Registry,
  collectDefaultMetrics,
  type CounterConfiguration,
  type GaugeConfiguration,
  type HistogramConfiguration,
} from 'prom-client';

/** One registry per process; `/metrics` prints it. No label ever carries a tenant (promise I6). */
export const metrics = new Registry();

// The helpers get or create: a test starts several services in one process, and a metric belongs to the
// process, not to the object that counts into it.
export function counter<L extends string = string>(options: CounterConfiguration<L>): Counter<L> {
  return (metrics.getSingleMetric(options.name) ??
    new Counter({ ...options, registers: [metrics] })) as Counter<L>;
}

export function gauge<L extends string = string>(options: GaugeConfiguration<L>): Gauge<L> {
  return (metrics.getSingleMetric(options.name) ??
    new Gauge({ ...options, registers: [metrics] })) as Gauge<L>;
}

export function histogram<L extends string = string>(
  options: HistogramConfiguration<L>,
): Histogram<L> {
  return (metrics.getSingleMetric(options.name) ??
    new Histogram({ ...options, registers: [metrics] })) as Histogram<L>;
}

let isCollecting = false;

/** Process metrics. The event loop is sampled every 100 ms: the default of 10 ms wakes an idle process a hundred times a second. */
export function startProcessMetrics(service: string): void {
  if (isCollecting) return;
  isCollecting = true;
  metrics.setDefaultLabels({ service });
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 100 });
}
