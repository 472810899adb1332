import { heldStack } from './jest.setup.ts';

export default async function tearDown(): Promise<void> {
  await heldStack()?.stop();
}
