import { describe, expect, it } from 'vitest';
import { ERRORS, TearsheetError, asTearsheetError } from '../../../src/core/errors.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';

const CODES = Object.keys(ERRORS) as ErrorCode[];

describe('ERRORS', () => {
  it('gives every code an exit status of its own', () => {
    const exits = CODES.map((code) => ERRORS[code].exit);
    expect(new Set(exits).size).toBe(exits.length);
  });
  it.each(CODES)('%s has a name, a status a shell can give, and a sentence', (code) => {
    const { exit, meaning } = ERRORS[code];
    expect(code).toMatch(/^E_[A-Z]+(?:_[A-Z]+)*$/);
    expect(exit).toBeGreaterThan(0);
    // 126 and up belong to the shell, 128 + n to signals; SIGINT's own is meant.
    expect(exit < 126 || code === 'E_INTERRUPTED').toBe(true);
    expect(meaning).toMatch(/^[A-Z].*\.$/);
  });
  it('exits as the shell does for Ctrl-C', () => {
    expect(ERRORS.E_INTERRUPTED.exit).toBe(128 + 2);
  });
});

describe('TearsheetError', () => {
  it('knows how the program exits and whether trying again can help', () => {
    const cause = new Error('below');
    const error = new TearsheetError('E_FETCH_TIMEOUT', 'expected an answer, got none', { cause });
    expect(error).toBeInstanceOf(Error);
    expect({ ...error, cause: error.cause }).toMatchObject({ name: 'TearsheetError', code: 'E_FETCH_TIMEOUT', cause });
    expect([error.exitCode, error.isRetryable]).toEqual([ERRORS.E_FETCH_TIMEOUT.exit, true]);
    expect(new TearsheetError('E_URL_INVALID', 'x').isRetryable).toBe(false);
  });
});

describe('asTearsheetError', () => {
  it('gives back one of ours as it is', () => {
    const error = new TearsheetError('E_PAGE_GONE', 'gone');
    expect(asTearsheetError(error)).toBe(error);
  });
  it.each([
    [new RangeError('deep'), 'deep'],
    ['a string', 'a string'],
    [undefined, 'undefined'],
    [null, 'null'],
  ])('takes %o for a fault of the program and keeps it as the cause', (thrown, message) => {
    const error = asTearsheetError(thrown);
    expect({ code: error.code, message: error.message }).toEqual({ code: 'E_INTERNAL', message });
    expect(error.cause).toBe(thrown);
  });
});
