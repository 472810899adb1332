import { serviceEnv } from '@onecount/config';
import { z } from 'zod';
import { configSchema as catalog } from '../../apps/catalog/src/config.ts';
import { configSchema as gateway } from '../../apps/gateway/src/config.ts';
import { configSchema as inventory } from '../../apps/inventory/src/config.ts';
import { configSchema as passport } from '../../apps/passport/src/config.ts';
import { configSchema as pos } from '../../apps/pos/src/config.ts';
import { configSchema as storefrontSync } from '../../apps/storefront-sync/src/config.ts';
import { configSchema as workshop } from '../../apps/workshop/src/config.ts';

export const settingsFile = 'docs/settings.md';

type Setting = {
  name: string;
  description: string;
  default: unknown;
  values: string[] | undefined;
  isRequired: boolean;
};

const subgraphs = {
  catalog,
  inventory,
  pos,
  workshop,
  passport,
  'storefront-sync': storefrontSync,
};

const intro = `# Settings

Written by \`npm run schema\` from the schemas by which the processes read their environment; \`schema:check\` compares.
Every problem of an environment is said at once, a line each, and nothing starts. An empty variable counts as absent.
\`migrate.ts\` reads \`MIGRATION_DATABASE_URL\` and \`SERVICE_ROLE\`, the role that is granted access (\`onecount_<name>\` by default).
How the settings belong together (pools, TLS, keys) is in [running.md](running.md).
`;

/** One page of every setting: what all services share, then what each has of its own. */
export function settingsPage(): string {
  const own = Object.entries(subgraphs).map(([name, schema]) => {
    const settings = settingsOf(schema).filter((setting) => !(setting.name in serviceEnv));
    return settings.length > 0
      ? `## ${name}\n\n${table(settings)}`
      : `## ${name}\n\nNone of its own.\n`;
  });
  const shared = `## Every service but the gateway\n\n${table(settingsOf(z.object(serviceEnv)))}`;
  return [intro, `## gateway\n\n${table(settingsOf(gateway))}`, shared, ...own].join('\n');
}

/** Throws for a setting without a description. */
function settingsOf(schema: z.ZodObject): Setting[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const { description } = field as z.ZodType;
    if (!description) throw new Error(`the setting ${name} has no description`);
    const absent = (field as z.ZodType).safeParse(undefined);
    return {
      name,
      description,
      default: absent.data,
      values: valuesOf(field as z.ZodType),
      isRequired: !absent.success,
    };
  });
}

function valuesOf(field: z.ZodType): string[] | undefined {
  return z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }).enum as
    string[] | undefined;
}

function table(settings: Setting[]): string {
  const rows = settings.map((setting) =>
    [`\`${setting.name}\``, defaultText(setting), meaning(setting)].join(' | '),
  );
  return ['Name | Default | Meaning', '--- | --- | ---', ...rows]
    .map((row) => `| ${row} |\n`)
    .join('');
}

function defaultText({ name, default: value, isRequired }: Setting): string {
  // The folder for temporary files is this machine's, not everybody's.
  const folder = { UPLOAD_DIR: 'uploads', MEDIA_DIR: 'media' }[name];
  if (folder) return `\`onecount-${folder}\` in the folder for temporary files`;
  if (value !== undefined) return value === '' ? 'empty' : `\`${String(value)}\``;
  return isRequired ? 'required' : 'none';
}

const meaning = ({ description, values }: Setting) =>
  values
    ? `${description} One of ${values.map((value) => `\`${value}\``).join(', ')}.`
    : description;
