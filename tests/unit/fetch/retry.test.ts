import { describe, expect, it } from 'vitest';
import { ERRORS, TearsheetError, type ErrorCode } from '../../../src/core/errors.ts';
import type { Capture } from '../../../src/core/ports.ts';
import { retryAfterMs, retryClassOfError, retryClassOfStatus, withRetries } from '../../../src/fetch/retry.ts';
import { sleeplessClock } from './loopback.ts';

const URL_ASKED = 'http://press.test/';
const NOW = Date.parse('2026-03-03T08:00:00Z');

describe('retryClassOfStatus', () => {
  it.each([
    [200, 'never'],
    [304, 'never'],
    [400, 'never'],
    [404, 'never'],
    [408, 'never'],
    [425, 'never'],
    [429, 'retry-after'],
    [500, 'retry'],
    [501, 'never'],
    [502, 'retry'],
    [503, 'retry-after'],
    [504, 'retry'],
    [505, 'never'],
    [511, 'never'],
    [520, 'retry'],
    [599, 'retry'],
  ] as const)('%i: %s', (status, expected) => {
    expect(retryClassOfStatus(status)).toBe(expected);
  });
});

describe('retryClassOfError', () => {
  it('tries again after faults of the moment, and after no other', () => {
    const again = (Object.keys(ERRORS) as ErrorCode[]).filter(
      (code) => retryClassOfError(new TearsheetError(code, '')) !== 'never',
    );
    expect(again).toEqual([
      'E_FETCH_DNS',
      'E_FETCH_CONNECT',
      'E_FETCH_TIMEOUT',
      'E_FETCH_TRUNCATED',
      'E_FETCH_ENCODING',
      'E_FETCH_PROTOCOL',
    ]);
    for (const code of again) expect(ERRORS[code].retryable).toBe(true);
  });

  it('takes the word of the resolver, and what nobody foresaw, as final', () => {
    const cause = Object.assign(new Error('none'), { code: 'ENOTFOUND' });
    expect(retryClassOfError(new TearsheetError('E_FETCH_DNS', '', { cause }))).toBe('never');
    expect(retryClassOfError(new Error('bug'))).toBe('never');
  });
});

describe('retryAfterMs', () => {
  it.each([
    ['0', 0],
    ['7', 7000],
    [' 120 ', 120_000],
    ['Tue, 03 Mar 2026 08:00:05 GMT', 5000],
    ['Tuesday, 03-Mar-26 08:01:00 GMT', 60_000],
    ['Tue Mar  3 08:00:01 2026 GMT', 1000],
    ['Tue, 03 Mar 2026 07:00:00 GMT', 0],
    ['', null],
    [undefined, null],
    ['soon', null],
    ['-5', null],
    ['1.5', null],
    ['99999999999', null],
  ])('%j: %s', (value, expected) => {
    expect(retryAfterMs(value, NOW)).toBe(expected);
  });
});

const capture = (status: number, headers: Record<string, string> = {}): Capture => ({ status, headers }) as Capture;
const plan = (jitter: number, maxRetries = 10) => {
  const clock = { ...sleeplessClock(), now: () => NOW };
  return { maxRetries, retryBaseMs: 100, maxRetryWaitMs: 1000, clock, jitter: () => jitter };
};

const resetting = () => Promise.reject(new TearsheetError('E_FETCH_CONNECT', 'reset'));

describe('withRetries', () => {
  it('doubles the wait up to the longest one, spread by the jitter over its upper half', async () => {
    const low = plan(0, 6);
    const high = plan(1, 6);
    await expect(withRetries(resetting, low, URL_ASKED)).rejects.toThrow('reset (tried 7 times)');
    await expect(withRetries(resetting, high, URL_ASKED)).rejects.toThrow('reset (tried 7 times)');
    expect(low.clock.slept).toEqual([50, 100, 200, 400, 500, 500]);
    expect(high.clock.slept).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it('takes a date for Retry-After, and backs off where it is already past', async () => {
    const answers = [
      capture(503, { 'retry-after': 'Tue, 03 Mar 2026 08:00:01 GMT' }),
      capture(503, { 'retry-after': 'Tue, 03 Mar 2026 07:59:00 GMT' }),
      capture(429, { 'retry-after': '0' }),
      capture(200),
    ];
    const chosen = plan(1);
    expect(await withRetries(async () => answers.shift()!, chosen, URL_ASKED)).toMatchObject({ status: 200 });
    expect(chosen.clock.slept).toEqual([1000, 200, 400]);
  });

  it('listens to Retry-After of 429 and 503 only', async () => {
    const answers = [capture(500, { 'retry-after': '900' }), capture(200)];
    expect(await withRetries(async () => answers.shift()!, plan(1), URL_ASKED)).toMatchObject({ status: 200 });
  });

  it('throws what is final at once, unchanged', async () => {
    const chosen = plan(1);
    const error = new TearsheetError('E_FETCH_ADDRESS', 'private');
    await expect(withRetries(() => Promise.reject(error), chosen, URL_ASKED)).rejects.toBe(error);
    expect(chosen.clock.slept).toEqual([]);
  });

  it('lets what the attempt before brought stand where the host is left alone meanwhile', async () => {
    const down = new TearsheetError('E_FETCH_HOST_DOWN', 'left alone');
    const thrower =
      (...outcomes: (Capture | Error)[]) =>
      async () => {
        const outcome = outcomes.shift()!;
        if (outcome instanceof Error) throw outcome;
        return outcome;
      };
    const chosen = plan(1);
    expect(await withRetries(thrower(capture(503), down), chosen, URL_ASKED)).toMatchObject({ status: 503 });
    const reset = new TearsheetError('E_FETCH_CONNECT', 'reset');
    await expect(withRetries(thrower(reset, down), chosen, URL_ASKED)).rejects.toBe(reset);
    await expect(withRetries(thrower(reset, reset, down), chosen, URL_ASKED)).rejects.toThrow('reset (tried 2 times)');
    chosen.clock.slept.length = 0;
    await expect(withRetries(thrower(down), chosen, URL_ASKED)).rejects.toBe(down);
    expect(chosen.clock.slept).toEqual([]);
  });

  it('turns a stop while waiting into E_INTERRUPTED that names the page', async () => {
    const stopped = withRetries(async () => capture(500), plan(1), URL_ASKED, AbortSignal.abort(new Error('signal')));
    await expect(stopped).rejects.toThrow(expect.objectContaining({ code: 'E_INTERRUPTED' }));
    await expect(stopped).rejects.toThrow(URL_ASKED);
  });
});
