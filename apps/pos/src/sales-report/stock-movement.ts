import type { EventData } from '@onecount/events';
import { isUuid } from '@onecount/refusal';

export type Movement = EventData<'inventory.movement-recorded'>;

/** The sale that a movement was for, if it names one: a reference that a person typed may be anything. */
export function saleOf({ referenceKind, referenceId }: Movement): string | null {
  return referenceKind === 'SALE' && isUuid(referenceId) ? referenceId.toLowerCase() : null;
}

/** What a report asks for: movements for a sale, and goods that came in. */
export function isReported(movement: Movement): boolean {
  return saleOf(movement) !== null || ['OPENING', 'RECEIPT'].includes(movement.reason);
}
