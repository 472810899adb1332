import { Type } from '@sinclair/typebox';
import { instant, token, uuid, version } from './parts.schema.ts';

export const layByReminderDue = Type.Object(
  {
    saleId: uuid('The sale of the lay-by; `layBy` says what is due of it, and by whom.'),
    version,
    kind: token('COMING before an instalment is due, OVERDUE when it was not paid.'),
    dueAt: instant('When the instalment is, or was, due.'),
  },
  {
    description:
      'An instalment of a lay-by is due soon, or overdue: once each. No amount and no person is in it.',
  },
);
