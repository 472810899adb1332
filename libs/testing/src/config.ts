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
