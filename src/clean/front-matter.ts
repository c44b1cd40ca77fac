/** The facts of an article as YAML front matter, so that any value stays a value. */
import type { Reading } from '../core/schema.ts';
import { inertLine } from './inert.ts';
import type { Imprint } from './parts.ts';

/**
 * A double-quoted scalar (YAML 1.2 §7.3.1), which reads alike in YAML 1.1 and JSON. Always quoted: a bare `no`, `1:30` or
 * `2026-03-03` would come back as something else.
 */
const quoted = (value: string): string => JSON.stringify(inertLine(value));

const line = (name: string, value: string | undefined): string[] =>
  value === undefined || inertLine(value) === '' ? [] : [`${name}: ${quoted(value)}`];

const list = (name: string, values: readonly string[]): string[] => {
  const kept = values.filter((value) => inertLine(value) !== '');
  return kept.length === 0 ? [] : [`${name}:`, ...kept.map((value) => `  - ${quoted(value)}`)];
};

/** The lines from `---` to `---`. What is not known is left out. */
export function frontMatter(reading: Reading, { url, snapshot, version, capturedAt }: Imprint): string[] {
  return [
    '---',
    ...line('title', reading.title),
    ...list(
      'authors',
      reading.authors.map(({ name }) => name),
    ),
    ...line('published', reading.publishedAt),
    ...line('modified', reading.modifiedAt),
    ...line('url', url),
    ...line('canonical', reading.canonicalUrl === url ? undefined : reading.canonicalUrl),
    ...line('site', reading.siteName),
    ...line('section', reading.section),
    ...line('language', reading.language === 'und' ? undefined : reading.language),
    ...list('tags', reading.tags),
    ...line('kind', reading.kind),
    ...(reading.paywalled === true ? ['paywalled: true'] : []),
    ...line('snapshot', snapshot),
    ...(version === undefined ? [] : [`version: ${version}`]),
    ...line('captured', capturedAt),
    '---',
  ];
}
