import { describe, expect, it } from 'vitest';
import { count } from '../../../config/tools/count.ts';

type Status = 'passed' | 'failed' | 'skipped' | 'pending' | 'todo';
const file = (name: string, ...statuses: Status[]) => ({
  name,
  status: statuses.includes('failed') ? 'failed' : 'passed',
  message: '',
  assertionResults: statuses.map((status, n) => ({ status, fullName: `${name} ${n}` })),
});
const SOURCES: Record<string, string> = {
  'a.test.ts': 'it()',
  'real.test.ts': `new URL('../../../shared/', import.meta.url)`,
};
const counted = (testResults: ReturnType<typeof file>[], hasShared = false, failedSteps: string[] = []) =>
  count({ testResults }, { hasShared, failedSteps, sourceOf: (name: string) => SOURCES[name] ?? '' });

describe('count', () => {
  it('adds up the files', () => {
    expect(counted([file('a.test.ts', 'passed', 'passed'), file('b.test.ts', 'passed')])).toEqual({
      line: '3 passed, 0 failed',
      complaints: [],
      failed: 0,
    });
  });
  it('counts failures once, though the step of the tests failed with them', () => {
    const files = [file('a.test.ts', 'passed', 'failed', 'failed')];
    expect(counted(files, false, ['tests'])).toEqual({ line: '1 passed, 2 failed', complaints: [], failed: 2 });
  });
  it('counts other steps that failed', () => {
    expect(counted([file('a.test.ts', 'passed', 'failed')], false, ['lint', 'tests', 'docs'])).toEqual({
      line: '1 passed, 3 failed',
      complaints: ['failed: lint', 'failed: docs'],
      failed: 3,
    });
  });
  it('counts a run that failed though every test passed', () => {
    expect(counted([file('a.test.ts', 'passed')], false, ['tests'])).toMatchObject({ line: '1 passed, 1 failed' });
  });
  it('counts a run without tests, and one without a report, as failed', () => {
    expect(counted([])).toMatchObject({ line: '0 passed, 1 failed', complaints: ['no test ran'] });
    const nothing = { hasShared: false, failedSteps: ['tests'], sourceOf: () => '' };
    expect(count(null, nothing)).toMatchObject({ line: '0 passed, 1 failed', complaints: ['no test ran'] });
  });
  it('counts a file that could not be loaded as a failure', () => {
    const broken = { ...file('a.test.ts'), status: 'failed', message: 'SyntaxError: x\n  at y' };
    expect(counted([broken, file('b.test.ts', 'passed')], false, ['tests'])).toMatchObject({
      line: '1 passed, 1 failed',
      complaints: ['failed as a whole: a.test.ts: SyntaxError: x'],
    });
  });

  it.each(['skipped', 'pending', 'todo'] as const)(
    'lets a test on shared pages be %s where there are none',
    (status) => {
      const files = [file('real.test.ts', status), file('a.test.ts', 'passed')];
      expect(counted(files)).toMatchObject({ line: '1 passed, 0 failed, 1 skipped', failed: 0 });
      expect(counted(files, true)).toMatchObject({ line: '1 passed, 1 failed', failed: 1 });
    },
  );
  it('lets no other test be skipped', () => {
    expect(counted([file('a.test.ts', 'passed', 'skipped')])).toEqual({
      line: '1 passed, 1 failed',
      complaints: ['skipped, but could have run: a.test.ts 1 (a.test.ts)'],
      failed: 1,
    });
  });
});
