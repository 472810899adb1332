// Loaded ahead of every tool by `node --import`. On Linux npm puts the pinned Node 24 first in the PATH;
// where no such package exists (macOS) the installed Node runs, and an old one cannot even read
// TypeScript: it must say so before it tries.

// Default import: an older Node would stop at a name that its module does not have.
import module from 'node:module';
import { fileURLToPath, URL } from 'node:url';

const majorMin = 24;
if (Number(process.versions.node.split('.')[0]) < majorMin) {
  console.error(`Onecount needs Node ${majorMin} or newer; this is Node ${process.versions.node}.`);
  // On Linux npm ci brings it; an npm ci that was interrupted has not.
  if (process.platform === 'linux') console.error('Run npm ci (again, if it was interrupted).');
  process.exit(1);
}

// A tool strips and compiles its TypeScript once, not at each start.
const cache = new URL('../node_modules/.cache/onecount/compile-cache', import.meta.url);
module.enableCompileCache(fileURLToPath(cache));
