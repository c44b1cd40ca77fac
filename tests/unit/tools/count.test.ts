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
const counted = (testResults: ReturnType<typeof file>[], hasShared = false, success = true) =>
  count({ success, testResults }, { hasShared, sourceOf: (name: string) => SOURCES[name] ?? '' });

describe('count', () => {
  it('adds up the files', () => {
    expect(counted([file('a.test.ts', 'passed', 'passed'), file('b.test.ts', 'passed')])).toEqual({
      line: '3 passed, 0 failed',
      complaints: [],
      isGood: true,
    });
  });
  it('is bad with one failure', () => {
    expect(counted([file('a.test.ts', 'passed', 'failed')], false, false)).toMatchObject({
      line: '1 passed, 1 failed',
      isGood: false,
    });
  });
  it('is bad where no test ran', () => {
    expect(counted([])).toMatchObject({ line: '0 passed, 0 failed', complaints: ['no test ran'], isGood: false });
  });
  it('counts a file that could not be loaded as a failure', () => {
    const broken = { ...file('a.test.ts'), status: 'failed', message: 'SyntaxError: x\n  at y' };
    expect(counted([broken, file('b.test.ts', 'passed')], false, false)).toMatchObject({
      line: '1 passed, 1 failed',
      complaints: ['failed as a whole: a.test.ts: SyntaxError: x'],
      isGood: false,
    });
  });
  it('is bad where the run failed though every test passed', () => {
    expect(counted([file('a.test.ts', 'passed')], false, false)).toMatchObject({
      line: '1 passed, 0 failed',
      isGood: false,
    });
  });

  it.each(['skipped', 'pending', 'todo'] as const)(
    'lets a test on shared pages be %s where there are none',
    (status) => {
      expect(counted([file('real.test.ts', status), file('a.test.ts', 'passed')])).toMatchObject({
        line: '1 passed, 0 failed, 1 skipped',
        isGood: true,
      });
      expect(counted([file('real.test.ts', status), file('a.test.ts', 'passed')], true).isGood).toBe(false);
    },
  );
  it('lets no other test be skipped', () => {
    const { complaints, isGood } = counted([file('a.test.ts', 'passed', 'skipped')]);
    expect(complaints).toEqual(['skipped, but could have run: a.test.ts 1 (a.test.ts)']);
    expect(isGood).toBe(false);
  });
});
