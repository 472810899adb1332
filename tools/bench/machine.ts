import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';

/** Where the figures were taken; absolute ones mean nothing without it. */
export function machine(): Record<string, unknown> {
  const processors = cpus();
  return {
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    os: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    loadAverage: loadavg().map((value) => Math.round(value * 100) / 100),
  };
}
