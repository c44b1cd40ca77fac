import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/core/nearest.ts';

const NAMES = ['maxRetries', 'maxRedirects', 'retryBaseMs', 'dir'];

describe('nearest', () => {
  it.each([
    ['maxretries', 'maxRetries'],
    ['maxRetrie', 'maxRetries'],
    ['maxxRetries', 'maxRetries'],
    ['maxRedirect', 'maxRedirects'],
    ['retryBase', 'retryBaseMs'],
    ['dri', 'dir'],
    ['rid', null],
    ['dirs', 'dir'],
    ['timeout', null],
    ['', null],
  ])('of %j is %j', (name, meant) => {
    expect(nearest(name, NAMES)).toBe(meant);
  });
  it('is null among no names', () => {
    expect(nearest('a', [])).toBeNull();
  });
});
