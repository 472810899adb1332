import { Type, type Static } from '@sinclair/typebox';
import { name, token, uuid, version } from './parts.schema.ts';

export const passportChanged = Type.Object(
  {
    passportId: uuid('The passport.'),
    version,
    serialUnitId: uuid('The unit it speaks about.'),
    status: token('Whether it is valid.'),
    url: name('Address where it is verified.'),
  },
  { description: 'The state of a passport after a change.' },
);
export type PassportChanged = Static<typeof passportChanged>;
