import { Type, type Static } from '@sinclair/typebox';
import {
  count,
  instant,
  money,
  name,
  oneOf,
  optional,
  text,
  token,
  tracking,
  uuid,
  version,
} from './parts.schema.ts';

export const stockLevelChanged = Type.Object(
  {
    stockItemId: uuid('What is counted.'),
    variantId: optional(uuid('The variant it belongs to, where there is one.')),
    sku: name('SKU of the stock item.'),
    tracking,
    locationId: uuid('Where it is counted.'),
    locationCode: name('Short code of the location.'),
    onHand: count('Units that are there.'),
    committed: count('Units held or claimed.'),
    available: count('onHand − committed.'),
    version,
  },
  {
    description:
      'The newest count of one item at one location. State, not history: versions in between may be missing.',
  },
);
export type StockLevelChanged = Static<typeof stockLevelChanged>;

export const movementRecorded = Type.Object(
  {
    movementId: uuid('The row of the ledger.'),
    stockItemId: uuid('What moved.'),
    variantId: optional(uuid('The variant it belongs to, where there is one.')),
    sku: name('SKU of the stock item.'),
    locationId: uuid('Where it moved.'),
    locationCode: name('Short code of the location.'),
    serialUnitId: optional(uuid('The unit that moved, for serialised goods.')),
    quantity: count('Change of the count: negative for an issue.'),
    reason: token('Why, for example SALE, RECEIPT, DAMAGE.'),
    referenceKind: optional(token('Kind of the document behind it, for example SALE.')),
    referenceId: optional(text('Id of that document.')),
    lineId: optional(text('Line of that document, where one stands for the movement.')),
    cost: optional(
      money('What the goods that moved cost together; absent where unknown, and for a transfer.'),
    ),
    costQuantity: optional(count('Of how many of them the cost is; the rest is unknown.')),
    resultingOnHand: count('on_hand of the level after the movement.'),
    occurredAt: instant('When it happened.'),
    actor: text('Who did it: subject of the token or name of the service.'),
  },
  { description: 'One row of the append-only ledger.' },
);
export type MovementRecorded = Static<typeof movementRecorded>;

const certificate = Type.Object(
  {
    number: name('Number of the certificate.'),
    lab: optional(text('Laboratory that graded.')),
    grade: optional(text('Grade in its words.')),
    reportUrl: optional(text('Address of the report.')),
  },
  { description: 'Certificate of the unit.' },
);

const attribute = Type.Object(
  { key: name('Name of the fact.'), value: text('The fact.') },
  { description: 'A fact about the unit.' },
);

export const serialUnitChanged = Type.Object(
  {
    serialUnitId: uuid('The physical unit.'),
    version,
    stockItemId: uuid('The stock item it is a unit of.'),
    variantId: optional(uuid('The variant it belongs to, where there is one.')),
    sku: name('SKU of the stock item.'),
    serial: optional(text('Serial value.')),
    stockNumber: optional(text('Stock number on the tag.')),
    status: oneOf(
      ['AVAILABLE', 'HELD', 'SOLD', 'IN_REPAIR', 'IN_TRANSIT', 'LOST', 'SCRAPPED', 'RETURNED'],
      'What can be done with the unit now.',
    ),
    locationId: optional(uuid('Where it is.')),
    locationCode: optional(text('Short code of that location.')),
    certificate: optional(certificate),
    attributes: Type.Array(attribute, { description: 'Facts in their order.' }),
    photos: Type.Array(Type.String(), { description: 'Addresses of its pictures.' }),
    condition: optional(text('Its condition in the words of the shop.')),
    isListed: optional(Type.Boolean({ description: 'Whether the shop wants it on its website.' })),
    predecessorId: optional(
      uuid('The unit that it was made of: a re-mounted piece is a new unit.'),
    ),
    receivedAt: instant('When it came into stock.'),
    saleId: optional(uuid('The sale that took it.')),
    soldAt: optional(instant('When it was sold.')),
  },
  { description: 'The whole state of one physical unit after a change.' },
);
export type SerialUnitChanged = Static<typeof serialUnitChanged>;
