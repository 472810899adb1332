import { playScene } from '../../demo/scene.ts';
import type { Tenant } from '../support/test-system.ts';

type Tokens = Parameters<typeof playScene>[0]['tokens'];

/** What `npm run demo` plays is a test too: it must pass, again and again, and must be able to fail. */
export function demoTests(tenant: () => Tenant): void {
  async function play(tokens: Partial<Tokens> = {}): Promise<string> {
    const lines: string[] = [];
    await playScene({
      graphqlUrl: tenant().host.system.graphqlUrl,
      tokens: { ...tenant().tokens, ...tokens },
      write: (line) => void lines.push(line),
    });
    return lines.join('\n');
  }

  test('the scene plays: the sample is imported, the brooch is sold once, and all six services agree', async () => {
    const shown = await play();
    expect(shown).toContain('products     5 created, 0 updated');
    expect(shown).toMatch(/held by +dev-cashier, COUNTER/);
    expect(shown).toMatch(/COMMITTED, receipt HQ-000001, 4200\.00 USD by CARD/);
    expect(shown).toMatch(/storefront-sync +listed, 1 available +listed, 0 available/);
    expect(shown).toContain('0 by movements − 0 by live holds = 0; the level agrees.');
  });

  test('it plays again: with another brooch, and in the shop that is linked already', async () => {
    const shown = await play();
    expect(shown).toContain('products.csv was imported before');
    expect(shown).toContain('receipt HQ-000002');
    const shops = await tenant().host.sources.rows(
      'storefront-sync',
      'SELECT name, status FROM connection WHERE tenant_id = $1',
      [tenant().tenantId],
    );
    expect(shops).toEqual([{ name: expect.stringMatching(/^Demo shop/), status: 'PAUSED' }]);
  });

  test("it fails at the counter of another tenant, which must not see this tenant's brooch", async () => {
    await expect(play({ cashier: tenant().host.system.tokens.otherTenant })).rejects.toMatchObject({
      name: 'SceneFailure',
      message: expect.stringMatching(/^saleLineAdd was to succeed and answered NotFound/),
    });
  });

  test('it fails when the web buyer is told something else than who holds the brooch', async () => {
    await expect(
      play({ publishable: tenant().host.system.tokens.otherTenant }),
    ).rejects.toMatchObject({
      name: 'SceneFailure',
      message: expect.stringMatching(
        /^the answer to the web buyer: __typename: expected "UnitNotAvailable", answered "NotFound"/,
      ),
    });
  });
}
