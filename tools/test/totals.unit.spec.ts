import { expect, test } from '@jest/globals';
import { failuresOf, sum, totalsLine, totalsOf } from './totals.ts';

const report = {
  numPassedTests: 5,
  numFailedTests: 1,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [],
};

test('the line names skipped tests only when there are some', () => {
  expect(totalsLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  expect(totalsLine({ passed: 12, failed: 1, skipped: 2 })).toBe('12 passed, 1 failed, 2 skipped');
});

test('a test file that could not be loaded is a failure', () => {
  expect(totalsOf({ ...report, numRuntimeErrorTestSuites: 2 })).toEqual({
    passed: 5,
    failed: 3,
    skipped: 0,
  });
});

test('the runs are added up', () => {
  expect(sum([totalsOf(report), totalsOf({ ...report, numTodoTests: 3 })])).toEqual({
    passed: 10,
    failed: 2,
    skipped: 3,
  });
});

test('what failed is said with its file, a file that could not be loaded too', () => {
  const passed = { fullName: 'adds', status: 'passed', failureMessages: [] };
  const failed = { fullName: 'takes away', status: 'failed', failureMessages: ['3 is not 2'] };
  const file = { status: 'failed', message: 'both' };
  const testResults = [
    { ...file, name: 'a.spec.ts', status: 'passed', assertionResults: [passed] },
    { ...file, name: 'b.spec.ts', assertionResults: [passed, failed] },
    { ...file, name: 'c.spec.ts', message: 'no such module', assertionResults: [] },
  ];
  expect(failuresOf({ ...report, testResults })).toEqual([
    'b.spec.ts: takes away\n3 is not 2',
    'c.spec.ts\nno such module',
  ]);
});
