// What a hold is asked for and what PostgreSQL decided; no I/O.

import type { Refusal } from '@onecount/refusal';

/** Their holds live and end with them: nobody else's hold may be taken for one of theirs. */
export const documentKinds: readonly string[] = ['SALE', 'TRANSFER', 'LEASE'];

export type HoldKind = 'SOFT' | 'HARD';
export type HoldStatus = 'LIVE' | 'SOLD' | 'RELEASED' | 'EXPIRED';
export type HoldPurpose =
  | 'BASKET'
  | 'WEB_CHECKOUT'
  | 'LAY_BY'
  | 'TRANSFER'
  | 'REPAIR'
  | 'INSPECTION'
  | 'MEMO'
  | 'RENTAL'
  | 'LEASE'
  | 'SALE'
  | 'OTHER';

/** One request to hold_place; the batch it travels in is of one tenant and SKU. */
export type HoldRequest = {
  idempotencyKey: string | null;
  inputHash: string | null;
  /** Of what whoever may take the hold over has to know. */
  secretHash: string | null;
  /** Serial value or stock number. */
  serial: string | null;
  serialUnitId: string | null;
  quantity: number;
  locationId: string | null;
  /** Where that location has too little, the one that has most may serve. */
  anyLocation?: boolean;
  /** By which the place was named, if it was: for the words of a refusal. */
  locationCode?: string;
  kind: HoldKind;
  /** Of a SOFT hold. */
  holdSeconds: number | null;
  purpose: string;
  channel: string | null;
  subject: string;
  referenceKind: string | null;
  referenceId: string | null;
  lineId: string | null;
};

/** The item of a batch; null when the tenant has no such SKU. */
export type HeldItem = {
  stockItemId: string;
  variantId: string | null;
  sku: string;
  title: string;
  tracking: 'NONE' | 'QUANTITY' | 'SERIAL';
};

export type PlacedHold = {
  outcome: 'PLACED';
  holdId: string;
  status: HoldStatus;
  kind: HoldKind;
  quantity: number;
  locationId: string;
  locationCode: string;
  serialUnitId: string | null;
  serial: string | null;
  stockNumber: string | null;
  expiresAt: string | null;
  createdAt: string;
};

/** The unit is claimed, in another state, or at another location than asked. */
export type UnitFacts = {
  serialUnitId: string;
  serial: string | null;
  stockNumber: string | null;
  unitStatus: string;
  heldBy: string | null;
  heldUntil: string | null;
  locationCode: string | null;
};

export type HoldOutcome =
  | PlacedHold
  | ({ outcome: 'UNIT_TAKEN' | 'UNIT_ELSEWHERE' } & UnitFacts)
  | {
      outcome: 'INSUFFICIENT';
      available: number;
      /** In all locations together. */
      availableInAll: number;
      /** Of the one that was asked for, else of the one with the most. */
      locationCode: string | null;
      serial?: string | null;
    }
  | { outcome: 'NO_SUCH_ITEM' }
  | { outcome: 'NO_SUCH_UNIT' }
  | { outcome: 'NO_SUCH_LOCATION' }
  | { outcome: 'UNTRACKED' }
  | { outcome: 'SALE_CLOSED' }
  | { outcome: 'KEPT'; refusal: Refusal }
  | { outcome: 'KEY_REUSED' };

export type HoldDecision = { item: HeldItem | null; outcome: HoldOutcome };

export type HoldRow = {
  id: string;
  kind: HoldKind;
  status: HoldStatus;
  stockItemId: string;
  locationId: string;
  quantity: number;
  serialUnitId: string | null;
  purpose: string;
  channel: string | null;
  subject: string;
  referenceKind: string | null;
  referenceId: string | null;
  expiresAt: Date | string | null;
  createdAt: Date | string;
  /** The hold that this one was a part of. */
  splitFromId: string | null;
};

/** What a hold was before a line of a sale took it over; `id` is the hold's. */
export type HoldTakeover = {
  id: string;
  at: Date;
  by: string;
  ground: 'OWN' | 'SECRET' | 'REASON';
  reason: string | null;
  fromSubject: string;
  fromPurpose: HoldPurpose;
};

/** What came of changing one hold that is there. */
export type HoldChangeOutcome =
  | { outcome: 'DONE'; holdId: string }
  | { outcome: 'NO_SUCH_HOLD' }
  | { outcome: 'NOT_LIVE'; status: HoldStatus }
  | { outcome: 'OF_A_SALE'; referenceId: string }
  | {
      outcome: 'OF_A_DOCUMENT';
      purpose: HoldPurpose;
      referenceKind: string | null;
      referenceId: string | null;
    }
  | { outcome: 'TOO_MANY'; quantity: number };

export function holdRowOf(
  request: HoldRequest,
  { item, placed }: { item: HeldItem; placed: PlacedHold },
): HoldRow {
  return {
    id: placed.holdId,
    kind: placed.kind,
    status: placed.status,
    stockItemId: item.stockItemId,
    locationId: placed.locationId,
    quantity: placed.quantity,
    serialUnitId: placed.serialUnitId,
    purpose: request.purpose,
    channel: request.channel,
    subject: request.subject,
    referenceKind: request.referenceKind,
    referenceId: request.referenceId,
    expiresAt: placed.expiresAt,
    createdAt: placed.createdAt,
    splitFromId: null,
  };
}

/** Two requests with the same identity in one batch would break its unique index: they go in turn. */
export function identityOf(request: HoldRequest): string {
  return request.idempotencyKey !== null
    ? `key/${request.idempotencyKey}`
    : `line/${request.referenceId}/${request.lineId}`;
}
