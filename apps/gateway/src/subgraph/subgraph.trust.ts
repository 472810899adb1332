import { counter, type Logger } from '@onecount/telemetry';

/**
 * Whether a subgraph accepts the tokens of this gateway. It does not when their clocks are further apart than a token
 * lives, or when it does not know the key: one line when that begins and one when it is over, each refusal counted.
 */
export function createTrust(subgraph: string, log: Logger) {
  const refusals = counter<'subgraph'>({
    name: 'onecount_gateway_tokens_refused_total',
    help: 'Requests whose internal token a subgraph did not accept: its clock and the one here, or the keys, differ.',
    labelNames: ['subgraph'],
  });
  let isAccepted = true;
  return {
    /** `date` is what the subgraph's clock says, in its answer. */
    refused(date: string | undefined): void {
      refusals.inc({ subgraph });
      if (!isAccepted) return;
      isAccepted = false;
      const clockAheadSeconds = date === undefined ? null : secondsAhead(date);
      log.error(
        { subgraph, clockAheadSeconds },
        'a subgraph does not accept the tokens of this gateway: compare the clocks, then INTERNAL_TRUSTED_KEYS',
      );
    },
    accepted(): void {
      if (isAccepted) return;
      isAccepted = true;
      log.warn({ subgraph }, 'the subgraph accepts the tokens of this gateway again');
    },
  };
}

export type Trust = ReturnType<typeof createTrust>;

/** How far the clock here is ahead of theirs. */
const secondsAhead = (date: string) => Math.round((Date.now() - Date.parse(date)) / 1000);
