import { migration } from '@onecount/db';

/** What a person wrote down about a line. */
export const ANoteOnALine1798200000000 = migration(
  'ANoteOnALine1798200000000',
  `
ALTER TABLE sale_line ADD COLUMN note text
  CONSTRAINT sale_line_note_length CHECK (length(note) BETWEEN 1 AND 500);`,
);
