import { Type } from '@sinclair/typebox';
import {
  count,
  currencyCode,
  instant,
  optional,
  text,
  token,
  uuid,
  version,
} from './parts.schema.ts';

const minor = (description: string) =>
  Type.Integer({ description: `${description}, in the minor unit.` });

const total = Type.Object(
  { currencyCode, count: count('How many.'), totalMinor: minor('What they come to') },
  { description: 'Of one currency.' },
);

const tender = Type.Object(
  {
    kind: token('CASH, CARD and kinds to come.'),
    currencyCode,
    receivedMinor: minor('What customers gave'),
    changeMinor: minor('What they got back in cash'),
    expectedMinor: minor('What should be there at the end, float and movements of cash included'),
    countedMinor: optional(minor('What was there; left out when nobody counted it')),
  },
  { description: 'One kind of tender in one currency.' },
);

const cashMovement = Type.Object(
  {
    kind: token('PAY_IN, PAY_OUT, DROP.'),
    currencyCode,
    count: count('How many.'),
    totalMinor: minor('What they come to'),
  },
  { description: 'Cash that moved one way without a sale.' },
);

const refund = Type.Object(
  {
    kind: token('CASH, CARD and kinds to come.'),
    currencyCode,
    count: count('How many.'),
    totalMinor: minor('What they come to'),
  },
  { description: 'Money that was given back by one kind of tender.' },
);

export const shiftClosed = Type.Object(
  {
    shiftId: uuid('The shift.'),
    version,
    registerId: uuid('The register.'),
    locationId: uuid('Where it stands.'),
    zReportId: uuid('The Z report, which pos keeps for ever.'),
    zReportNumber: count('Its number: counts up by one in its register, without gaps.'),
    openedAt: instant('When the shift began.'),
    closedAt: instant('When it ended.'),
    isForced: Type.Boolean({ description: 'Whether a manager closed what was left open.' }),
    currencyCode,
    openingFloatMinor: optional(minor('Cash in the drawer at the start')),
    sales: Type.Array(total, { description: 'Committed sales.' }),
    voids: Type.Array(total, { description: 'Baskets and checkouts that came to nothing.' }),
    tenders: Type.Array(tender, { description: 'Every kind of tender and currency there was.' }),
    cashMovements: Type.Array(cashMovement, { description: 'By kind and currency.' }),
    returns: optional(Type.Array(total, { description: 'Returns that the register took back.' })),
    postVoids: optional(
      Type.Array(total, {
        description:
          'Sales of this shift that were taken back as a whole; they are among the sales too.',
      }),
    ),
    refunds: optional(
      Type.Array(refund, { description: 'What was given back for both, by kind.' }),
    ),
    receiptFrom: optional(text('The lowest receipt number; left out when nothing was sold.')),
    receiptTo: optional(text('The highest receipt number.')),
  },
  { description: 'A shift that is counted and final, with its takings. Carries no personal data.' },
);
