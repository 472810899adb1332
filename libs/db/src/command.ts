import { isRefusal, type Refusal } from '@onecount/refusal';
import { refusalFromConstraint, type ConstraintDetail } from './constraint.ts';
import { idempotent, type IdempotencyKeyReused } from './idempotency.ts';
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
  /** Settings of the transaction that count while it waits for a twin with the same key. */
  begin?: (tx: Tx) => Promise<void>;
};

type Caller = { tenantId: string };

/**
 * One use case: a transaction of the caller's tenant in which `run` is done once per idempotency key.
 * A refusal rolls back and is not kept; everything else that `run` returns is kept and must survive
 * JSON. `answer` reads, in the same transaction, what is answered to it, first and repeated alike.
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

type Transaction<X> = <T>(tenantId: string, fn: (tx: X) => Promise<T>) => Promise<T>;

export function commandOn<X extends Tx>(transaction: Transaction<X>): RunCommand<X> {
  const command = async (
    caller: Caller,
    { operation, input, constraints = {}, afterCommit = [], begin }: Command<Constraints>,
    run: (tx: X) => Promise<unknown>,
    answer?: (tx: X, kept: unknown) => Promise<unknown>,
  ): Promise<unknown> => {
    const request = { operation, key: input.idempotencyKey, input };
    try {
      return await transaction(caller.tenantId, async (tx) => {
        for (const hook of afterCommit) tx.afterCommit(hook);
        await begin?.(tx);
        const kept = await idempotent(tx, request, () => run(tx));
        return isRefusal(kept) || !answer ? kept : answer(tx, kept);
      });
    } catch (err) {
      return refusalFromConstraint(err, constraints);
    }
  };
  return command as RunCommand<X>;
}
