/** What jest runs with: this process's environment and what is given. */
export const jestEnvironment = (given: Record<string, string>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...given,
});
