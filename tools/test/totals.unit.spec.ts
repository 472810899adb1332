import { expect, test } from '@jest/globals';
import { sum, totalsLine, totalsOf } from './totals.ts';

const report = {
  numPassedTests: 5,
  numFailedTests: 1,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
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
