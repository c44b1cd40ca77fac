/** A frontier in a file of its own, and what else the tests of it share. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import type { Frontier } from '../../../src/core/frontier-ports.ts';
import { openFrontier, type FrontierOptions } from '../../../src/frontier/index.ts';

export { NOW, found } from './writings.ts';

export async function tempFile(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tearsheet-frontier-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return join(dir, 'frontier.sqlite');
}

export async function opened(path: string, over: Partial<FrontierOptions> = {}): Promise<Frontier> {
  const frontier = await openFrontier({ path, clock: systemClock, maxAddressesPerShape: 1_000, ...over });
  onTestFinished(() => frontier.close());
  return frontier;
}
