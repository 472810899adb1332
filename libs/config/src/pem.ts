import { readFileSync } from 'node:fs';

/** The text of a PEM file; undefined when it cannot be read or holds something else. */
export function readPem(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text.includes('-----BEGIN ') ? text : undefined;
  } catch {
    return undefined;
  }
}
