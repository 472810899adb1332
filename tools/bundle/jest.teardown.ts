import { rm } from 'node:fs/promises';
import { bundleFolder } from './config.ts';

export default async function tearDown(): Promise<void> {
  await rm(bundleFolder(), { recursive: true, force: true });
}
