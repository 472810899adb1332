import { isRefusal, type Refusal } from '@onecount/refusal';
import { refusalFromConstraint, type ConstraintDetail } from './constraint.ts';
import {
  idempotencyKeyReused,
  idempotent,
  inputHash,
  isKept,
  keepRefusal,
  keyFor,
  type IdempotencyKeyReused,
  type KeyedRequest,
  type KeyHolder,
} from './idempotency.ts';
import type { Tx } from './transaction.ts';

export type Constraints = Record<string, (detail: ConstraintDetail) => Refusal | Promise<Refusal>>;
// Of functions only: a constraint that is left out at times adds nothing.
type RefusalOf<C extends Constraints, F = C[keyof C]> = F extends (
  detail: ConstraintDetail,
) => infer R
  ? Awaited<R>
  : never;

export type Command<C extends Constraints = Record<never, never>> = {
  operation: string;
  /** Hashed whole, but for its key: the same key with other input is refused. */
  input: { idempotencyKey: string };
  /** What a violated constraint means, by its name. The transaction is over by then: it may be looked up. */
  constraints?: C;
  /** Hints to workers of this process, after COMMIT and never after a refusal. Repeated with a stored answer. */
  afterCommit?: readonly (() => void)[];
  /** Refusals that wait for an outcome which is not known yet, by name: not kept, the same key finds it out. */
  passing?: readonly string[];
  /** Settings of the transaction that count while it waits for a twin with the same key. */
  begin?: (tx: Tx) => Promise<void>;
};

type Caller = KeyHolder;

/**
 * One use case: a transaction of the caller's tenant in which `run` is done once per idempotency key.
 * A refusal rolls back; it is kept after that, unless the caller is one that asks until it is done (ADR 0171). What
 * is kept must survive JSON. `answer` reads, in the same transaction, what is answered to it, first and repeated alike.
 */
export type RunCommand<X extends Tx> = {
  <T, C extends Constraints = Record<never, never>>(
    caller: Caller,
    command: Command<C>,
    run: (tx: X) => Promise<T>,
  ): Promise<T | RefusalOf<C> | IdempotencyKeyReused>;
  <T, A, C extends Constraints = Record<never, never>>(
    caller: Caller,
    command: Command<C>,
    run: (tx: X) => Promise<T>,
    answer: (tx: X, kept: Exclude<T, Refusal>) => Promise<A>,
  ): Promise<A | Extract<T, Refusal> | RefusalOf<C> | IdempotencyKeyReused>;
};

type Transaction<X> = <T>(
  tenantId: string,
  fn: (tx: X) => Promise<T>,
  actor?: string,
) => Promise<T>;

export function commandOn<X extends Tx>(transaction: Transaction<X>): RunCommand<X> {
  const command = async (
    caller: Caller,
    {
      operation,
      input,
      constraints = {},
      afterCommit = [],
      passing = [],
      begin,
    }: Command<Constraints>,
    run: (tx: X) => Promise<unknown>,
    answer?: (tx: X, kept: unknown) => Promise<unknown>,
  ): Promise<unknown> => {
    const key = keyFor(caller, input.idempotencyKey);
    const request = { operation, key, hash: inputHash(input) };
    const answered = (tx: X, kept: unknown) =>
      isRefusal(kept) || !answer ? kept : answer(tx, kept);
    const attempt = async () => {
      try {
        return await transaction(
          caller.tenantId,
          async (tx) => {
            for (const hook of afterCommit) tx.afterCommit(hook);
            await begin?.(tx);
            return answered(tx, await idempotent(tx, request, () => run(tx)));
          },
          caller.subject,
        );
      } catch (err) {
        return refusalFromConstraint(err, constraints);
      }
    };
    const result = await attempt();
    if (!isRefusal(result) || passing.includes(result.__typename)) return result;
    const said = await kept(transaction, caller, { request, refusal: result, answered });
    return isReuse(said) ? idempotencyKeyReused(input.idempotencyKey) : said;
  };
  return command as RunCommand<X>;
}

type Refused<X> = {
  request: KeyedRequest;
  refusal: Refusal;
  answered(tx: X, kept: unknown): unknown;
};

// After the rollback, in a transaction of its own: nothing of what was refused may be written with it. A process that
// dies in between has told nobody anything.
async function kept<X extends Tx>(
  transaction: Transaction<X>,
  caller: Caller,
  { request, refusal, answered }: Refused<X>,
): Promise<unknown> {
  if (!isKept(caller, refusal)) return refusal;
  // In an object: a refusal that is returned rolls back.
  const { said } = await transaction(caller.tenantId, async (tx) => ({
    said: await answered(tx, await keepRefusal(tx, request, refusal)),
  }));
  return said;
}

const isReuse = (said: unknown): boolean =>
  isRefusal(said) && said.__typename === 'IdempotencyKeyReused';
