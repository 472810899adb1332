import type { Sources } from './sources.ts';

export type PromiseId = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7';

/** One broken promise: where, and what was expected against what stands there. */
export type Violation = { promise: PromiseId; check: string; detail: string };

export type Check = {
  promise: PromiseId;
  /** What must hold, as a sentence. */
  name: string;
  find(sources: Sources): Promise<string[]>;
};

/** A check that is one query over one database: each row returned is a violation, described by `detail`. */
export function sqlCheck(
  check: Pick<Check, 'promise' | 'name'> & {
    service: Parameters<Sources['rows']>[0];
    text: string;
  },
): Check {
  return {
    promise: check.promise,
    name: check.name,
    find: async (sources) =>
      (await sources.rows(check.service, check.text)).map((row) => JSON.stringify(row)),
  };
}
