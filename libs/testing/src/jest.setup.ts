import { publishTestStack } from './config.ts';
import { startTestStack, type TestStack } from './test-stack.ts';

// Set-up and tear-down are two modules that jest loads on their own: the process is what they share.
const key = Symbol.for('onecount.test-stack');
type Holder = { [key]?: TestStack };

export function heldStack(): TestStack | undefined {
  return (globalThis as Holder)[key];
}

// jest runs no tear-down when it is told to stop.
function stopOnSignal(stack: TestStack): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void stack.stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
    });
  }
}

export default async function setUp(): Promise<void> {
  const stack = await startTestStack();
  (globalThis as Holder)[key] = stack;
  publishTestStack({ url: stack.url, adminUrl: stack.adminUrl });
  stopOnSignal(stack);
}
