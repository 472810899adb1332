// npm run demo: plays the scene that the product exists for against the running system.
import { ApiError } from '../import/api.ts';
import { isColoured, runningTarget } from './config.ts';
import { SceneFailure } from './expectation.ts';
import { playScene } from './scene.ts';

const target = await runningTarget();
if (!target) {
  process.stderr.write('No system runs here: npm start\n');
  process.exit(1);
}
const write = (line: string) => void process.stdout.write(`${line}\n`);
try {
  await playScene({ ...target, write, isColoured: isColoured() });
  write('\nSold once. Every answer was what the scene promises.');
} catch (err) {
  if (!(err instanceof SceneFailure || err instanceof ApiError)) throw err;
  process.stderr.write(`\nThe demo failed: ${err.message}\n`);
  process.exitCode = 1;
}
