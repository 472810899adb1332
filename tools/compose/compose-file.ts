import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');

export type ComposeService = {
  image: string;
  build?: { dockerfile: string };
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }> | string[];
};
export type ComposeFile = { services: Record<string, ComposeService> };

export function readComposeText(): string {
  return readFileSync(resolve(root, 'docker-compose.yml'), 'utf8');
}

/** The file with its anchors merged, variables not yet replaced. */
export function readCompose(): ComposeFile {
  return parse(readComposeText(), { merge: true }) as ComposeFile;
}

const variable = /\$\{([A-Z_]+)(?::([?-])([^}]*))?\}/g;

/** Names of the variables without a default. */
export function requiredVariables(text: string): Set<string> {
  const found = [...text.matchAll(variable)];
  return new Set(found.filter(([, , operator]) => operator !== '-').map(([, name]) => name!));
}

/** As Compose replaces them: `${NAME:?}` must have a value, `${NAME:-default}` need not. */
export function interpolate(value: string, env: Record<string, string>): string {
  return value.replaceAll(variable, (_, name: string, operator: string, rest: string) => {
    if (env[name]) return env[name];
    if (operator === '-') return rest;
    throw new Error(`${name} has no value`);
  });
}
