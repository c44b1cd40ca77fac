import { describe, expect, it } from 'vitest';
import { isTracker } from '../../../src/fetch/page-requests.ts';

describe('hosts that only count readers', () => {
  it.each(['doubleclick.net', 'stats.g.doubleclick.net', 'SB.ScorecardResearch.com'])('know %s', (host) => {
    expect(isTracker(host)).toBe(true);
  });

  it.each(['notdoubleclick.net', 'doubleclick.net.example', 'net', 'press.example', '127.0.0.1', ''])(
    'leave %j alone',
    (host) => {
      expect(isTracker(host)).toBe(false);
    },
  );
});
