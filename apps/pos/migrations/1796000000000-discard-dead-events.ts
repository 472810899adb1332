import { migration } from '@onecount/db';
import { deadEventDiscard } from '@onecount/messaging';

export const DiscardDeadEvents1796000000000 = migration(
  'DiscardDeadEvents1796000000000',
  deadEventDiscard,
);
