import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { graphqlClient } from '@onecount/testing';
import type { Json } from '../../guide/guide.ts';
import { playGuide } from '../../guide/play.ts';
import type { Tenant } from '../support/test-system.ts';

const docs = join(import.meta.dirname, '../../../docs');

/** What the documentation shows as an answer is the answer. */
export const guideTests =
  (page: string, { stepsMin }: { stepsMin: number }) =>
  (tenant: () => Tenant): void => {
    test(`everything goes as docs/${page} says`, async () => {
      const client = graphqlClient(tenant().host.system.graphqlUrl, tenant().tokens.owner);
      const ask = async (query: string, variables: Json) =>
        (await client.data<Json>(query, variables as never)) as Json;
      const text = await readFile(join(docs, page), 'utf8');
      expect(await playGuide(text, ask)).toBeGreaterThanOrEqual(stepsMin);
    });
  };
