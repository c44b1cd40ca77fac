/** `tearsheet list`: what the archive holds, an article a line. */
import { posix } from 'node:path';
import type { ArticleSummary } from '../core/ports.ts';
import { openToRead } from '../wiring.ts';
import type { Invocation } from './invocation.ts';
import { outputOf } from './output.ts';
import { fit } from './terminal.ts';
import type { Style } from './terminal.ts';

const STATE_STYLES: Readonly<Record<ArticleSummary['state'], readonly Style[]>> = {
  live: ['green'],
  gone: ['red'],
  walled: ['yellow'],
  error: ['red'],
  unseen: ['dim'],
};

/** `2026-01-31 12:00` of a UTC time. */
const minute = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

export async function run(invocation: Invocation): Promise<number> {
  const output = outputOf(invocation);
  const { snapshots, dir } = await openToRead(invocation);
  const hostCells = 20;
  const titleCells = Math.max(12, output.columns - hostCells - 48);
  let articles = 0;
  for await (const summary of snapshots.list()) {
    articles += 1;
    if (output.isJson) {
      await output.json(summary);
      continue;
    }
    if (articles === 1) {
      const head = `folder    versions  last seen (UTC)   state   ${fit('host', hostCells, true)}  title`;
      await output.line(output.paint(head, 'bold'));
    }
    const { versions, lastSeen, state, path, host, title } = summary;
    const folder = posix.basename(path).slice(0, 8);
    await output.line(
      [
        output.paint(folder, 'cyan'),
        String(versions).padStart(8),
        minute(lastSeen),
        output.paint(state.padEnd(6), ...STATE_STYLES[state]),
        fit(host, hostCells, true),
        title === '' ? output.paint('(no version kept)', 'dim') : fit(title, titleCells),
      ].join('  '),
    );
  }
  if (articles === 0 && !output.isJson)
    output.remark(`the archive in ${dir} holds no article yet; begin with: tearsheet archive URL`);
  return 0;
}
