export type TestStackAddress = { url: string; adminUrl: string };

const name = 'ONECOUNT_TEST_STACK';

/** Hands the stack's address to jest's workers: they inherit the environment of the process that set it. */
export function publishTestStack(address: TestStackAddress | undefined): void {
  if (address) process.env[name] = JSON.stringify(address);
  else delete process.env[name];
}

export function testStack(): TestStackAddress {
  const value = process.env[name];
  if (!value) {
    throw new Error(
      'no test stack: *.int.spec.ts and *.e2e.spec.ts run under jest with its global set-up',
    );
  }
  return JSON.parse(value) as TestStackAddress;
}

const campaignName = 'ONECOUNT_CAMPAIGN';

/** What `npm run test:campaign` was asked for. */
export type Campaign = { runs?: number; seed?: number };

/** The environment of a jest that runs a campaign. */
export const publishCampaign = (asked: Campaign): Record<string, string> => ({
  [campaignName]: JSON.stringify(asked),
});

/** Undefined in `npm test`, which tries samples. */
export function campaign(): Campaign | undefined {
  const value = process.env[campaignName];
  return value === undefined ? undefined : (JSON.parse(value) as Campaign);
}
