const name = 'ONECOUNT_BUNDLES';

/** Says to the tests of this run, which inherit its environment, where the services' programs are. */
export function publishBundles(folder: string): void {
  process.env[name] = folder;
}

export function bundleFolder(): string {
  const folder = process.env[name];
  if (!folder) throw new Error('no bundles: *.e2e.spec.ts run under jest with its global set-up');
  return folder;
}
