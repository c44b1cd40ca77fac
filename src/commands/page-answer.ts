/** The answer to a line of `clean --jsonl`: what was read of its page. */
import { bodyText } from '../clean/index.ts';
import type { Reading } from '../core/schema.ts';
import type { ReadPage } from '../visit.ts';
import { failed, invalid, parseLine, spelled } from './page-line.ts';

/** What a line of the output says of a page; null where the page does not tell. */
const spoken = (id: unknown, reading: Reading): unknown => ({
  id,
  kind: reading.kind,
  title: reading.title,
  lead: reading.lead ?? null,
  authors: reading.authors.map(({ name }) => name),
  published: reading.publishedAt ?? null,
  modified: reading.modifiedAt ?? null,
  language: reading.language,
  text: bodyText(reading),
  blocks: reading.blocks.map(({ role, label, text }) => ({ role, label, text })),
});

/** The answer to a line, without its LF: a reading, or `{id, error}`; never throws. */
export function answerLine(text: string, read: ReadPage): string {
  let id: unknown = null;
  try {
    const { url, html, ...line } = parseLine(text);
    ({ id } = line);
    if (typeof html !== 'string')
      throw invalid(`"html" that is ${html === undefined ? 'missing' : `a ${typeof html}`}`);
    const address = typeof url === 'string' && url !== '' ? url : 'file:///stdin';
    return spelled(spoken(id, read(html, { url: address, contentType: 'text/html' })));
  } catch (thrown) {
    return failed(id, thrown);
  }
}
