import type { z } from 'zod';
import { kafkaProblems } from './kafka-env.ts';

type Env = Record<string, string | undefined>;

/** Every problem of the environment, one per line: `NAME: what is wrong`. No value is ever part of it. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the settings of `schema` from `env`. An empty variable counts as absent, as Compose and
 * Kubernetes write it. Throws `ConfigError` with all problems at once.
 */
export function loadConfig<S extends z.ZodObject>(schema: S, env: Env): z.infer<S> {
  const given: Env = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const result = schema.safeParse(given);
  const problems = [...problemsOf(result, given), ...crossProblems(schema, given)];
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return result.data as z.infer<S>;
}

function problemsOf(result: z.ZodSafeParseResult<unknown>, given: Env): string[] {
  if (result.success) return [];
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `${name}: ${given[name] === undefined ? 'is required' : issue.message}`;
  });
  return [...new Set(lines)]; // one line for a list whose every entry is wrong in the same way
}

// By hand and not as a refinement: zod leaves refinements out while any field is wrong, and the
// person at the terminal would learn the second problem only after having solved the first.
function crossProblems(schema: z.ZodObject, given: Env): string[] {
  const problems: string[] = [];
  const reads = (name: string) => name in schema.shape;
  if (reads('KAFKA_BROKERS') && reads('EVENT_LOG_URL')) {
    const count = [given['KAFKA_BROKERS'], given['EVENT_LOG_URL']].filter(Boolean).length;
    if (count === 0) problems.push('KAFKA_BROKERS: is required, or EVENT_LOG_URL in its place');
    if (count === 2) problems.push('EVENT_LOG_URL: set either this or KAFKA_BROKERS, not both');
  }
  const isProduction = (given['NODE_ENV'] ?? 'production') === 'production';
  if (reads('KAFKA_SASL_MECHANISM')) problems.push(...kafkaProblems(given, isProduction));
  if (reads('FAILPOINT_DIR') && given['FAILPOINT_DIR'] && isProduction)
    problems.push('FAILPOINT_DIR: is refused when NODE_ENV is production');
  return problems;
}
