import { join, resolve } from 'node:path';

export const repositoryRoot = resolve(import.meta.dirname, '../../..');

/**
 * Of the clone, not of a home: what one system has compiled, the next one with an empty home reads. Node
 * keys it by path, content and version; an edited file replaces its entry.
 */
export const compileCache = join(repositoryRoot, 'node_modules/.cache/onecount/compile-cache');
