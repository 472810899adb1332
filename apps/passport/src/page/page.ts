import type { Database } from '@onecount/db';
import type { Issuer } from '../issuer/issuer.ts';
import { newestRecords } from '../lifecycle/lifecycle.sql.ts';
import type { LifecycleRecord } from '../lifecycle/lifecycle.ts';
import type { PassportSubject } from '../passport/credential.ts';
import { publicPassport, publicPassportOfUnit } from '../passport/passport.sql.ts';
import type { PassportStatus } from '../passport/passport.ts';

/** What anybody may read who holds the address: no tenant, no person, no price. */
export type PublicPassport = {
  id: string;
  url: string;
  status: PassportStatus;
  issuedAt: Date;
  credential: string;
  isVerified: boolean;
  /** Read from the signed credential; undefined when its signature does not hold. */
  facts: PassportSubject | undefined;
  lifecycle: LifecycleRecord[];
};

const recordsShownMax = 100;

/**
 * The one read without a tenant: nobody is signed in, so the unguessable id stands for the right to
 * read. The system role `public-page` has SELECT policies on these two tables and on no other.
 */
export async function readPublicPassport(
  deps: { db: Database; issuer: Issuer },
  id: string,
): Promise<PublicPassport | undefined> {
  const { db, issuer } = deps;
  const stored = await db.asSystem('public-page', async (tx) => {
    const passport = await publicPassport(tx, id);
    if (!passport) return undefined;
    const { tenantId, serialUnitId } = passport;
    const unit = { tenantId, serialUnitId, limit: recordsShownMax };
    return { passport, lifecycle: await newestRecords(tx, unit) };
  });
  if (!stored) return undefined;
  const { status, issuedAt, credential } = stored.passport;
  const verified = await issuer.verify(credential);
  return {
    ...{ id, url: issuer.urlOf(id), status, issuedAt, credential },
    isVerified: verified !== undefined,
    facts: verified?.credentialSubject,
    lifecycle: stored.lifecycle,
  };
}

export const passportOfUnit = (db: Database, serialUnitId: string): Promise<string | undefined> =>
  db.asSystem('public-page', (tx) => publicPassportOfUnit(tx, serialUnitId));

/** The JSON form; the enveloped credential is the part that verifies by itself. */
export function publicJson(passport: PublicPassport): object {
  const { id, url, status, issuedAt, isVerified, facts } = passport;
  return {
    passport: { id, url, status, issuedAt, isVerified },
    credential: {
      '@context': 'https://www.w3.org/ns/credentials/v2',
      type: 'EnvelopedVerifiableCredential',
      id: `data:application/vc+jwt,${passport.credential}`,
    },
    facts: facts ?? null,
    lifecycle: passport.lifecycle.map(({ kind, occurredAt }) => ({ kind, occurredAt })),
  };
}
