import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { Database, IdempotencyKeyReused, Tx } from '@onecount/db';
import {
  checkKey,
  invalidInput,
  isUuid,
  notFound,
  type InvalidInput,
  type NotFound,
} from '@onecount/refusal';
import { lockForConnections, refreshAndPublish } from '../listing/listing.sync.ts';
import { hostOf, leadsInside, type AddressRule } from '@onecount/outside-address';
import { nameTaken, tooManyConnections, type CreateRefusal } from './connection.errors.ts';
import { createProblem, type ConnectionCreateInput } from './connection.input.ts';
import {
  countConnections,
  insertConnection,
  pauseConnection,
  resumeConnection,
} from './connection.sql.ts';
import {
  connectionsMax,
  type ConnectionCreated,
  type ConnectionPaused,
  type ConnectionResumed,
} from './connection.ts';

type Caller = { tenantId: string };
type SwitchInput = { idempotencyKey: string; connectionId: string };

export type ConnectionService = {
  create(
    caller: Caller,
    input: ConnectionCreateInput,
  ): Promise<ConnectionCreated | InvalidInput | CreateRefusal | IdempotencyKeyReused>;
  pause(
    caller: Caller,
    input: SwitchInput,
  ): Promise<ConnectionPaused | InvalidInput | NotFound | IdempotencyKeyReused>;
  resume(
    caller: Caller,
    input: SwitchInput,
  ): Promise<ConnectionResumed | InvalidInput | NotFound | IdempotencyKeyReused>;
};

type Deps = { db: Database; rule: AddressRule; wakeDelivery: () => void };

export function createConnectionService({ db, rule, wakeDelivery }: Deps): ConnectionService {
  const afterCommit = [wakeDelivery];

  return {
    async create(caller, input) {
      const problem = createProblem(input, rule) ?? (await nameLeadsInside(input, rule));
      if (problem) return problem;
      const constraints = { connection_name_once: () => nameTaken(input.name) };
      const command = { operation: 'connectionCreate', input, constraints, afterCommit };
      return db.command(caller, command, (tx) => createConnection(tx, input));
    },

    async pause(caller, input) {
      const problem = switchProblem(input);
      if (problem) return problem;
      const { connectionId } = input;
      const command = { operation: 'connectionPause', input, afterCommit };
      return db.command(caller, command, async (tx) =>
        (await pauseConnection(tx, connectionId))
          ? { __typename: 'ConnectionPauseSuccess' as const, connectionId }
          : notFound('Connection', connectionId),
      );
    },

    async resume(caller, input) {
      const problem = switchProblem(input);
      if (problem) return problem;
      const { connectionId } = input;
      const command = { operation: 'connectionResume', input, afterCommit };
      return db.command(caller, command, async (tx) =>
        (await resumeConnection(tx, connectionId))
          ? { __typename: 'ConnectionResumeSuccess' as const, connectionId }
          : notFound('Connection', connectionId),
      );
    },
  };
}

function switchProblem(input: SwitchInput): InvalidInput | NotFound | undefined {
  const problem = checkKey(input.idempotencyKey);
  if (problem) return problem;
  return isUuid(input.connectionId) ? undefined : notFound('Connection', input.connectionId);
}

// A courtesy to whoever types the address; the check that counts is made at every connection.
async function nameLeadsInside(
  input: ConnectionCreateInput,
  rule: AddressRule,
): Promise<InvalidInput | undefined> {
  const host = hostOf(new URL(input.webhook.url));
  if (isIP(host) || !(await leadsInside(host, rule))) return undefined;
  const message = 'webhook.url must not point into a private network.';
  return invalidInput('webhook.url', message, input.webhook.url);
}

async function createConnection(
  tx: Tx,
  input: ConnectionCreateInput,
): Promise<ConnectionCreated | CreateRefusal> {
  await lockForConnections(tx);
  if ((await countConnections(tx)) >= connectionsMax) return tooManyConnections();
  const connectionId = await insertConnection(tx, {
    name: input.name.trim(),
    webhookUrl: input.webhook.url,
    // 256 bits: as long as the digest that it keys.
    webhookSecret: `whsec_${randomBytes(32).toString('base64url')}`,
    locationCodes: input.locationCodes ? [...new Set(input.locationCodes)] : null,
    requiresPhoto: input.requiresPhoto ?? false,
  });
  await refreshAndPublish(tx, { skus: null, connectionId });
  return { __typename: 'ConnectionCreateSuccess', connectionId };
}
