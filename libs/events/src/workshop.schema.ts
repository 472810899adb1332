import { Type, type Static } from '@sinclair/typebox';
import { instant, name, oneOf, optional, token, uuid, version } from './parts.schema.ts';

export const repairChanged = Type.Object(
  {
    repairId: uuid('The repair.'),
    version,
    ticketNumber: name('Number on the ticket.'),
    stage: token('Where the work stands.'),
    kind: oneOf(
      ['KNOWN_UNIT', 'CUSTOMER_PIECE'],
      'Whether the piece is a unit of ours or the customer’s own.',
    ),
    serialUnitId: optional(uuid('The unit, for KNOWN_UNIT.')),
    unitSoldAt: optional(instant('When that unit was sold, if it was.')),
  },
  { description: 'The state of a repair ticket after a change.' },
);
export type RepairChanged = Static<typeof repairChanged>;
