import { stepsOf, type Json } from './guide.ts';
import { GuideFailure, playGuide, writeGuide, type Ask } from './play.ts';

const page = `A page.

\`\`\`graphql
mutation ($input: HoldCreateInput!) { holdCreate(input: $input) { hold { id expiresAt } } }
\`\`\`

\`\`\`json
{ "input": { "sku": "RING" } }
\`\`\`

\`\`\`json
{ "holdCreate": { "hold": { "id": "019a0000-0000-7000-8000-000000000001", "expiresAt": "2026-01-01T10:00:00.000Z" } } }
\`\`\`

\`\`\`graphql
mutation ($input: HoldReleaseInput!) { holdRelease(input: $input) { hold { id status } } }
\`\`\`

\`\`\`json
{ "input": { "holdId": "019a0000-0000-7000-8000-000000000001" } }
\`\`\`

\`\`\`json
{ "holdRelease": { "hold": { "id": "019a0000-0000-7000-8000-000000000001", "status": "RELEASED" } } }
\`\`\`
`;
const id = '019a0000-0000-7000-8000-00000000000f';

// A shop that gives this run's id and lets only that one go.
const shop =
  (status = 'RELEASED'): Ask =>
  async (query, variables): Promise<Json> => {
    if (query.includes('holdCreate'))
      return { holdCreate: { hold: { id, expiresAt: '2026-11-22T08:00:00.123Z' } } };
    expect(variables).toEqual({ input: { holdId: id } });
    return { holdRelease: { hold: { id, status } } };
  };

describe('a guide', () => {
  it('is asked with the ids of this run and must answer what the page shows', async () => {
    expect(await playGuide(page, shop())).toBe(2);
  });

  it('names the first answer that is another', async () => {
    await expect(playGuide(page, shop('EXPIRED'))).rejects.toEqual(
      new GuideFailure(
        2,
        'mutation ($input: HoldReleaseInput!) { holdRelease(input: $input) { hold { id status } } }',
        'data.holdRelease.hold.status: the page says "RELEASED", answered "EXPIRED"',
      ),
    );
  });

  it('refuses another id where the page has the same', async () => {
    const other: Ask = async (query, variables) =>
      query.includes('holdCreate')
        ? shop()(query, variables)
        : {
            holdRelease: {
              hold: { id: '019a0000-0000-7000-8000-0000000000ff', status: 'RELEASED' },
            },
          };
    await expect(playGuide(page, other)).rejects.toThrow('data.holdRelease.hold.id');
  });

  it('is written with what was answered, and then plays', async () => {
    const draft = page
      .replace(/"holdId": "[^"]+"/, '"holdId": "@1.holdCreate.hold.id"')
      .replace('"RELEASED"', '"?"');
    const written = await writeGuide(draft, shop(), async (json) => `${JSON.stringify(json)}\n`);
    expect(stepsOf(written).map(({ variables }) => variables)).toEqual([
      { input: { sku: 'RING' } },
      { input: { holdId: id } },
    ]);
    expect(await playGuide(written, shop())).toBe(2);
  });
});
