import { patternProblem, spellingOf } from './stock-number.ts';

describe('a pattern for stock numbers', () => {
  it.each(['{SEQ:1}', '{YY}{MM}-{SEQ:4}', 'J {YYYY}/{LOC}.{SEQ:12}#', '{SEQ:6}-{LOC}-{LOC}'])(
    'can be %s',
    (pattern) => expect(patternProblem(pattern)).toBeUndefined(),
  );

  it.each([
    ['', 'A pattern has 1–64'],
    [' {SEQ:4}', 'A pattern has 1–64'],
    [`${'x'.repeat(60)}{SEQ:4}`, 'A pattern has 1–64'],
    ['{YY}', 'exactly one'],
    ['{SEQ:4}{SEQ:4}', 'exactly one'],
    ['{SEQ}', '{SEQ} is none'],
    ['{SEQ:0}', '1–12 digits'],
    ['{SEQ:13}', '1–12 digits'],
    ['{SEQ:99999}', 'Braces'],
    ['{SEQ:-1}', 'Braces'],
    ['{DD}{SEQ:4}', '{DD} is none'],
    ['{YY:2}{SEQ:4}', '{YY} is none'],
    ['{yy}{SEQ:4}', 'Braces'],
    ['{{SEQ:4}}', 'Braces'],
    ['a\0{SEQ:4}', 'Braces'],
    ['a\ud800{SEQ:4}', 'Braces'],
  ])('cannot be %j', (pattern, problem) => expect(patternProblem(pattern)).toContain(problem));

  it('is written for a place and a month, all but its sequence', () => {
    const at = new Date('2026-01-31T23:59:59Z');
    expect(spellingOf('{YYYY}{YY}-{MM}{LOC}{SEQ:3}/{LOC}', { locationCode: 'HQ', at })).toEqual({
      before: '202626-01HQ',
      after: '/HQ',
      digits: 3,
    });
  });
});
