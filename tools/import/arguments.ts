import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { homeFolder } from '../start/config.ts';

export type ImportArguments = {
  file: string;
  location: string;
  currency: string;
  isOverwriting: boolean;
  isDryRun: boolean;
  graphqlUrl: string;
  token: string;
};

/** Something the person at the terminal can put right; reported in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `npm run import -- <file.csv> --location <code> [--currency USD] [--overwrite] [--dry-run] [--url <graphql> --token <token>]

  --location   code of the location that receives the opening stock
  --currency   currency of the prices in the file (USD)
  --overwrite  change products that exist instead of refusing their rows; their stock is not touched
  --dry-run    write nothing, and tell what the import would do
  --url        GraphQL endpoint; otherwise the running system's (.onecount/dev.json)
  --token      access token with catalog:write; otherwise the development owner's`;

type Development = { graphqlUrl: string; tokens: { owner: string } };

/** Throws UsageError. */
export async function readArguments(args: readonly string[]): Promise<ImportArguments> {
  const { values, positionals } = parsed(args);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError(`Name one file.\n\n${usage}`);
  if (values.location === undefined) throw new UsageError(`--location is missing.\n\n${usage}`);
  const { url, token } = values;
  if ((url === undefined) !== (token === undefined)) {
    throw new UsageError('--url and --token belong together.');
  }
  const target = url !== undefined && token !== undefined ? { graphqlUrl: url, token } : undefined;
  return {
    file,
    location: values.location,
    currency: values.currency,
    isOverwriting: values.overwrite,
    isDryRun: values['dry-run'],
    ...(target ?? (await development())),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        location: { type: 'string' },
        currency: { type: 'string', default: 'USD' },
        overwrite: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        url: { type: 'string' },
        token: { type: 'string' },
      },
    });
  } catch (err) {
    throw new UsageError(`${(err as Error).message}\n\n${usage}`);
  }
}

async function development(): Promise<Pick<ImportArguments, 'graphqlUrl' | 'token'>> {
  const text = await readFile(join(homeFolder(), 'dev.json'), 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new UsageError(
      'No system is running here: start it with npm start, or give --url and --token.',
    );
  }
  const { graphqlUrl, tokens } = JSON.parse(text) as Development;
  return { graphqlUrl, token: tokens.owner };
}
