import { migration } from '@onecount/db';

/** Which version of its sale a line's hold was resized for last: an older one never undoes it (ADR 0200). */
export const AHoldFollowsItsLine1798000000000 = migration(
  'AHoldFollowsItsLine1798000000000',
  'ALTER TABLE hold ADD COLUMN line_version integer;',
);
