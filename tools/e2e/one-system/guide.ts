import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { graphqlClient } from '@onecount/testing';
import type { Json } from '../../guide/guide.ts';
import { playGuide } from '../../guide/play.ts';
import type { Tenant } from '../support/test-system.ts';

const page = join(import.meta.dirname, '../../../docs/day-in-a-shop.md');

/** What the documentation shows as an answer is the answer. */
export function guideTests(tenant: () => Tenant): void {
  test('a day in a shop goes as its page says', async () => {
    const client = graphqlClient(tenant().host.system.graphqlUrl, tenant().tokens.owner);
    const ask = async (query: string, variables: Json) =>
      (await client.data<Json>(query, variables as never)) as Json;
    expect(await playGuide(await readFile(page, 'utf8'), ask)).toBeGreaterThan(30);
  });
}
