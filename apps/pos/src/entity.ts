import type { EntityRef } from './sale/sale.ts';

/** What another service keeps, by its id; null where there is none. */
export const entity = (id: string | null): EntityRef | null => (id === null ? null : { id });
