export type Totals = { passed: number; failed: number; skipped: number };

/** What jest's --json report says, as far as it is needed here. */
export type JestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that could not be run at all: none of their tests is in the other numbers. */
  numRuntimeErrorTestSuites: number;
  testResults: TestFile[];
};
type TestFile = {
  name: string;
  status: string;
  message: string;
  assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
};

/** A file that does not even load counts as one failure: its tests must not vanish from the total. */
export function totalsOf(report: JestReport): Totals {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

export function sum(parts: Totals[]): Totals {
  return parts.reduce(
    (total, part) => ({
      passed: total.passed + part.passed,
      failed: total.failed + part.failed,
      skipped: total.skipped + part.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The last line of `npm test`. */
export function totalsLine({ passed, failed, skipped }: Totals): string {
  const base = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${base}, ${skipped} skipped` : base;
}

/** What failed, a paragraph each: where, and what it said. In a log of half an hour it stands far from the end. */
export const failuresOf = (report: JestReport): string[] =>
  report.testResults.filter(({ status }) => status === 'failed').flatMap(failuresIn);

function failuresIn({ name, message, assertionResults }: TestFile): string[] {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [`${name}\n${message}`];
  return failed.map((test) => [`${name}: ${test.fullName}`, ...test.failureMessages].join('\n'));
}
