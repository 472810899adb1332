export { asyncApiDocument } from './asyncapi.ts';
export type { ProductChanged } from './catalog.schema.ts';
export { keyOf, newEvent, type DomainEvent, type NewEvent } from './event.ts';
export { EventInvalidError, type EventProblem } from './event.errors.ts';
export type { MovementRecorded, SerialUnitChanged, StockLevelChanged } from './inventory.schema.ts';
export {
  fromMessage,
  messageOf,
  plainBodyBytesMax,
  plainMessage,
  toMessage,
  type EventMessage,
} from './message.ts';
export type { PassportChanged } from './passport.schema.ts';
export {
  namesUnit,
  unitsOfLines,
  type SaleCommitted,
  type SaleReturned,
  type SaleVoided,
} from './pos.schema.ts';
export {
  dataSchemaId,
  eventRegistry,
  eventTypes,
  isEventType,
  type EventData,
  type EventType,
} from './registry.ts';
export { eventSchemas, type EventSchemaFile } from './schema-files.ts';
export type {
  LedgerDifferenceFound,
  LowStockChanged,
  StockItemChanged,
} from './stock-item.schema.ts';
export type { ListingChanged } from './storefront.schema.ts';
export { topics, type Topic, type TopicName } from './topics.ts';
export { assertValidData } from './validation.ts';
export type { RepairChanged } from './workshop.schema.ts';
