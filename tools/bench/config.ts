/** Servers that a bench starts get their settings as the services do. */
export function readEnvironment(): Record<string, string | undefined> {
  return process.env;
}
