import type { Connection } from '@onecount/graphql';

export type Labelled = { label: string | null };
export type Email = Labelled & { address: string };
/** E.164, and the digits of it that one dials within the country. */
export type Phone = Labelled & { number: string; national: string };
export type Address = Labelled & {
  lines: string[];
  postalCode: string | null;
  city: string | null;
  region: string | null;
  countryCode: string | null;
};
export type SizeKind =
  'RING' | 'BRACELET' | 'NECKLACE' | 'WATCH' | 'CLOTHING' | 'SHOE' | 'HAT' | 'GLOVE' | 'OTHER';
export type SizeSystem = 'US' | 'UK' | 'EU' | 'JP' | 'LETTERS' | 'MM' | 'CM' | 'IN';
export type Size = {
  kind: SizeKind;
  system: SizeSystem;
  value: string;
  place: string | null;
  note: string | null;
};

/** All that is known of a person but for consents; one row, which goes as a whole (ADR 0325). */
export type Profile = {
  name: string;
  note: string | null;
  emails: Email[];
  phones: Phone[];
  addresses: Address[];
  sizes: Size[];
};

export type Customer = {
  id: string;
  version: number;
  erasedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  /** Null once erased. */
  profile: Profile | null;
};
/** As a list has them, with what the list is sorted by. */
export type ListedCustomer = Customer & { sortName: string };
export type CustomerPage = Connection<Customer>;

export type ConsentPurpose =
  'EMAIL_MARKETING' | 'PHONE_MARKETING' | 'POST_MARKETING' | 'PROFILING' | 'DATA_SHARING';
export type ConsentHow = 'IN_PERSON' | 'WRITTEN' | 'ONLINE' | 'EMAIL' | 'PHONE';
export type Consent = {
  id: string;
  customerId: string;
  purpose: ConsentPurpose;
  isGiven: boolean;
  at: Date;
  how: ConsentHow;
  note: string | null;
  recordedBy: string;
  recordedAt: Date;
};

/** A contact that several customers have, and some of them. */
export type SharedContact = { contact: string; customerIds: string[] };
export type SharedContactPage = Connection<SharedContact>;

/** Of two profiles of one person: the first wins, and what only the second knows is added. */
export function mergedProfile(kept: Profile, other: Profile): Profile {
  return {
    name: kept.name,
    note: [kept.note, other.note].filter(Boolean).join('\n\n') || null,
    emails: unique([...kept.emails, ...other.emails], ({ address }) => address.toLowerCase()),
    phones: unique([...kept.phones, ...other.phones], ({ number }) => number),
    addresses: unique([...kept.addresses, ...other.addresses], ({ label: _, ...place }) =>
      JSON.stringify(place).toLowerCase(),
    ),
    sizes: unique([...kept.sizes, ...other.sizes], ({ kind, system, place }) =>
      JSON.stringify([kind, system, place?.toLowerCase() ?? null]),
    ),
  };
}

function unique<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  const first = new Map<string, T>();
  for (const one of all) if (!first.has(keyOf(one))) first.set(keyOf(one), one);
  return [...first.values()];
}
