/** What a look at a site found, as people and machines are told of it. */
import type { DocumentCheck, PageCheck } from '../wiring-scout.ts';
import type { Output } from './output.ts';
import { inline } from './terminal.ts';

function documentLine({ url, kind, pages, documents, newest, fault }: DocumentCheck, { paint }: Output): string {
  const state = fault === undefined ? paint('ok', 'green') : paint('--', 'red', 'bold');
  const parts = [
    fault === undefined ? `${pages} pages` : `${fault.code}: ${inline(fault.message)}`,
    ...(documents > 0 ? [`${documents} further list${documents === 1 ? '' : 's'}`] : []),
    ...(newest === undefined ? [] : [`newest ${inline(newest)}`]),
  ];
  return `  ${state}  ${kind.padEnd(8)} ${inline(url)}  ${parts.join(', ')}`;
}

function pageLines(page: PageCheck, { paint }: Output): string[] {
  const { url, kind, title = '', authors = [], publishedAt, bodyChars = 0, pageChars = 0, missing, fault } = page;
  if (fault !== undefined)
    return [`  ${paint('--', 'red', 'bold')}  ${inline(url)}  ${fault.code}: ${inline(fault.message)}`];
  const state = missing.length === 0 ? paint('ok', 'green') : paint('? ', 'yellow', 'bold');
  const share = pageChars === 0 ? 0 : Math.round((100 * bodyChars) / pageChars);
  const facts = [
    `${kind}`,
    `body of ${bodyChars} characters, ${share} % of the page`,
    ...(publishedAt === undefined ? [] : [inline(publishedAt)]),
    ...(authors.length === 0 ? [] : [inline(authors.join(', '))]),
  ];
  return [
    `  ${state}  ${inline(url)}`,
    `      ${paint(inline(title), 'bold')}`,
    `      ${facts.join(' · ')}${missing.length === 0 ? '' : paint(` · without ${missing.join(', ')}`, 'yellow')}`,
  ];
}

/** Documents, then pages; for machines an object each. */
export async function tellHealth(
  source: string,
  documents: readonly DocumentCheck[],
  pages: readonly PageCheck[],
  output: Output,
): Promise<void> {
  if (output.isJson) {
    for (const document of documents) await output.json({ type: 'document', source, ...document });
    for (const page of pages) await output.json({ type: 'page', source, ...page });
    return;
  }
  for (const document of documents) {
    await output.line(documentLine(document, output));
    for (const note of document.notes) await output.line(output.paint(`      ${inline(note)}`, 'dim'));
  }
  if (pages.length > 0) await output.line(`  ${pages.length} of its pages, as they read today:`);
  for (const page of pages) await output.line(pageLines(page, output).join('\n'));
}

/** Whether a crawl of it would bring anything: a document that names pages, and a page that reads as an article. */
export const isWell = (documents: readonly DocumentCheck[], pages: readonly PageCheck[]): boolean =>
  documents.some(({ fault }) => fault === undefined) &&
  pages.some(({ fault, missing }) => fault === undefined && !missing.includes('body'));
