import { describe, expect, test } from 'vitest';
import { Tally } from '../../../src/commands/tally.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';

const tallyOf = (...codes: (ErrorCode | null)[]): Tally => {
  const tally = new Tally();
  for (const code of codes)
    tally.add({
      url: 'http://a/',
      outcome: code === null ? 'unchanged' : 'error',
      article: 'a:/',
      ...(code !== null && { error: { code, message: code } }),
    });
  return tally;
};

describe('Tally.verdict', () => {
  test('is none where every page was looked at', () => expect(tallyOf(null, null).verdict).toBeNull());
  test('is the one failure itself for one page', () => {
    expect(tallyOf('E_FETCH_DNS').verdict).toMatchObject({ code: 'E_FETCH_DNS', message: 'E_FETCH_DNS' });
  });
  test('keeps the code where all failures are alike', () => {
    expect(tallyOf('E_FETCH_DNS', null, 'E_FETCH_DNS').verdict).toMatchObject({
      code: 'E_FETCH_DNS',
      message: expect.stringContaining('2 of 3 pages') as string,
    });
  });
  test('is E_PAGES_FAILED where they differ', () => {
    expect(tallyOf('E_FETCH_DNS', 'E_PAGE_GONE').verdict).toMatchObject({
      code: 'E_PAGES_FAILED',
      message: expect.stringContaining('E_FETCH_DNS, E_PAGE_GONE') as string,
    });
  });
});
