import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually, openLiveStream, type LiveClient } from '@onecount/testing';
import type { Tenant } from '../support/test-system.ts';

const example = join(import.meta.dirname, '../../../examples/live-stock.mjs');

/** Who looks at a piece sees it go in the moment in which it is sold, and each as much as he may. */
export function liveStockTests(tenant: () => Tenant): void {
  const addressOf = (query: string): string =>
    new URL(`/live/stock?${query}`, tenant().host.system.graphqlUrl).href;
  const follow = (query: string, token: string): Promise<LiveClient> =>
    openLiveStream(addressOf(query), { headers: { authorization: `Bearer ${token}` } });
  const lastOf = ({ events }: LiveClient) =>
    events.findLast(({ event }) => event === 'stock')?.data;

  test('a paid sale reaches the back office, the public page and the example client, and no other tenant', async () => {
    const { shop, tokens, host } = tenant();
    const { sku, variantId, productId } = await shop.createPiece({});
    const stranger = await host.newTenant();
    const [office, page, other] = await Promise.all([
      follow(`sku=${sku}`, tokens.owner),
      follow(`product=${productId}`, tokens.publishable),
      follow(`sku=${sku}`, stranger.tokens.owner),
    ]);
    const client = spawn(process.execPath, [example, addressOf(`sku=${sku}`)], {
      env: { TOKEN: tokens.publishable },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    client.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    await eventually(() => lastOf(office) && lastOf(page) && printed.includes(`${sku}: 1`));

    const sold = await shop.record({ channel: 'WEB', sku }, { amount: '4200.00' });
    expect(sold.__typename).toBe('SaleRecordSuccess');

    await eventually(() => printed.includes(`${sku}: 0`));
    await eventually(() => lastOf(office)!['onHand'] === 0 && lastOf(page)!['available'] === 0);
    expect(lastOf(office)).toMatchObject({ sku, variantId, committed: 0, available: 0 });
    expect(Object.keys(lastOf(page)!).sort()).toEqual([
      'available',
      'onSale',
      'sku',
      'tracking',
      'variantId',
      'version',
    ]);
    expect(lastOf(other)).toBeUndefined();
    for (const each of [office, page, other]) each.close();
    client.kill();
    await once(client, 'close');
  });
}
