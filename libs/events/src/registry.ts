import type { Static, TSchema } from '@sinclair/typebox';
import { productChanged } from './catalog.schema.ts';
import { movementRecorded, serialUnitChanged, stockLevelChanged } from './inventory.schema.ts';
import { layByReminderDue } from './lay-by.schema.ts';
import { passportChanged } from './passport.schema.ts';
import { saleCommitted, saleReturned, saleVoided } from './pos.schema.ts';
import { receiptMailRequested } from './receipt.schema.ts';
import { rentalEnded } from './rental.schema.ts';
import { shiftClosed } from './shift.schema.ts';
import { ledgerDifferenceFound, lowStockChanged, stockItemChanged } from './stock-item.schema.ts';
import { listingChanged } from './storefront.schema.ts';
import type { TopicName } from './topics.ts';
import { repairChanged } from './workshop.schema.ts';

// The one list of events. `source` is the service that owns the aggregate and alone publishes it;
// `dataVersion` rises only with a breaking change, which also brings a new topic.
const define = <S extends TSchema>(topic: TopicName, source: string, schema: S) => ({
  topic,
  source,
  schema,
  dataVersion: 1,
});

export const eventRegistry = {
  'catalog.product-changed': define('catalog.product', 'catalog', productChanged),
  'inventory.stock-level-changed': define('inventory.stock-level', 'inventory', stockLevelChanged),
  'inventory.movement-recorded': define('inventory.movement', 'inventory', movementRecorded),
  'inventory.serial-unit-changed': define('inventory.serial-unit', 'inventory', serialUnitChanged),
  'inventory.stock-item-changed': define('inventory.stock-item', 'inventory', stockItemChanged),
  'inventory.low-stock-changed': define('inventory.stock-item', 'inventory', lowStockChanged),
  'inventory.ledger-difference-found': define(
    'inventory.stock-item',
    'inventory',
    ledgerDifferenceFound,
  ),
  'pos.sale-committed': define('pos.sale', 'pos', saleCommitted),
  'pos.sale-voided': define('pos.sale', 'pos', saleVoided),
  'pos.sale-returned': define('pos.sale', 'pos', saleReturned),
  'pos.shift-closed': define('pos.shift', 'pos', shiftClosed),
  'pos.receipt-mail-requested': define('pos.receipt', 'pos', receiptMailRequested),
  'pos.rental-ended': define('pos.rental', 'pos', rentalEnded),
  'pos.lay-by-reminder-due': define('pos.lay-by', 'pos', layByReminderDue),
  'workshop.repair-changed': define('workshop.repair', 'workshop', repairChanged),
  'passport.passport-changed': define('passport.passport', 'passport', passportChanged),
  'storefront.listing-changed': define('storefront.listing', 'storefront-sync', listingChanged),
};

export type EventType = keyof typeof eventRegistry;
export type EventData<T extends EventType = EventType> = Static<
  (typeof eventRegistry)[T]['schema']
>;

export const eventTypes = Object.keys(eventRegistry) as EventType[];

export function isEventType(value: unknown): value is EventType {
  return typeof value === 'string' && Object.hasOwn(eventRegistry, value);
}

/** Name that `ce_dataschema` carries and that the JSON Schema has as its `$id`. */
export const dataSchemaId = (type: EventType): string =>
  `urn:onecount:event:${type}:v${eventRegistry[type].dataVersion}`;
