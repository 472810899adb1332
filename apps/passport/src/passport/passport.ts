import type { UnitStatus } from '../known-unit/known-unit.ts';

export type PassportStatus = 'ACTIVE' | 'REVOKED';

export type PassportRow = {
  tenantId: string;
  id: string;
  serialUnitId: string;
  version: number;
  status: PassportStatus;
  credential: string;
  issuedAt: Date;
};

export type PassportIssued = { __typename: 'PassportIssueSuccess'; passportId: string };

/** A piece that is gone gets no passport: it would vouch for something that nobody can hold against it. */
export function canHavePassport(status: UnitStatus): boolean {
  return status !== 'LOST' && status !== 'SCRAPPED';
}
