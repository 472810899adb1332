import { resolve } from 'node:path';
import { temporaryHome } from '../temporary-home.ts';
import { bundleServices } from './bundle.ts';
import { publishBundles } from './config.ts';

/** Once per run, for all systems that its end-to-end tests start. */
export default async function setUp(): Promise<void> {
  const { path } = await temporaryHome('bundles');
  await bundleServices(resolve(import.meta.dirname, '../..'), path);
  publishBundles(path);
}
