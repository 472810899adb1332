import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const files = ['register/register.graphql', 'sale/sale.graphql'];

export function typeDefs(): string {
  return files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n');
}
