import { expect, it } from 'vitest';
import { hrefOf } from '../../../src/core/spelling.ts';

it('hrefOf spells ^ in one way and leaves all else as the URL has it', () => {
  expect(hrefOf(new URL('https://paper.example/a^b?c=^d'))).toBe('https://paper.example/a%5Eb?c=%5Ed');
  expect(hrefOf(new URL('https://paper.example/a b?c=d|e'))).toBe(new URL('https://paper.example/a b?c=d|e').href);
});
