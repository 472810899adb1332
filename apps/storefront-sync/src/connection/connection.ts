export type ConnectionStatus = 'ACTIVE' | 'FAILING' | 'PAUSED' | 'SUSPENDED';

export type ConnectionRow = {
  id: string;
  name: string;
  kind: 'WEBHOOK';
  webhookUrl: string;
  locationCodes: string[] | null;
  requiresPhoto: boolean;
  storedStatus: Exclude<ConnectionStatus, 'FAILING'>;
  createdAt: Date;
  failingSince: Date | null;
  retryAt: Date | null;
  lastError: string | null;
};

/** Answers of mutations as they are kept with the idempotency key: ids only, and no secret. */
export type ConnectionCreated = { __typename: 'ConnectionCreateSuccess'; connectionId: string };
export type ConnectionPaused = { __typename: 'ConnectionPauseSuccess'; connectionId: string };
export type ConnectionResumed = { __typename: 'ConnectionResumeSuccess'; connectionId: string };

/** A connection that fails is still tried, so it is ACTIVE in the table and FAILING to people. */
export const statusOf = ({ storedStatus, failingSince }: ConnectionRow): ConnectionStatus =>
  storedStatus === 'ACTIVE' && failingSince ? 'FAILING' : storedStatus;

/** Listings per variant stay few: a connection is a shop of the tenant, not a customer. */
export const connectionsMax = 50;
