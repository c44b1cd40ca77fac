/** `tearsheet sources check --why URL`: what the frontier knows of one address, and why it is visited when it is. */
import { ERRORS } from '../core/errors.ts';
import { parseUrl } from '../core/url.ts';
import { explainVisit } from '../wiring-frontier.ts';
import type { Invocation } from './invocation.ts';
import { outputOf } from './output.ts';
import { inline } from './terminal.ts';

export async function why(invocation: Invocation, address: string): Promise<number> {
  const output = outputOf(invocation);
  const url = parseUrl(address).href;
  const told = await explainVisit(invocation, url);
  if (output.isJson) {
    await output.json(told);
    return told.entry === null ? ERRORS.E_ARCHIVE_NO_ARTICLE.exit : 0;
  }
  await output.line(output.paint(inline(url), 'bold'));
  for (const line of told.lines) await output.line(`  ${inline(line)}`);
  return told.entry === null ? ERRORS.E_ARCHIVE_NO_ARTICLE.exit : 0;
}
