/** Changes of what an article states about itself: headline, authors, date, lead image. */
import type { Edit, Reading } from '../core/schema.ts';
import { squeeze, type Side } from './fingerprint.ts';
import { occurrences } from './occurrences.ts';

const holds = (text: string, sentence: string): number =>
  sentence === '' ? 0 : (occurrences(text, [sentence])?.get(sentence) ?? 0);

/** True where the newer page shows `fresh` more often, or `old` less often: the change is one of the page, not of our reading. */
function isShownChange(before: Side, after: Side, old: string, fresh: string): boolean {
  return (
    holds(after.pageText, fresh) > holds(before.pageText, fresh) ||
    holds(after.pageText, old) < holds(before.pageText, old)
  );
}

const sides = (before: string | undefined, after: string | undefined) => ({
  ...(before && { before }),
  ...(after && { after }),
});

/** The headline as shown. A title that only meta tags hold changes with search engines in mind and makes no edit. */
export function headlineEdit(before: Side, after: Side): Edit | null {
  const [old, fresh] = [squeeze(before.reading.title), squeeze(after.reading.title)];
  if (old === fresh || !isShownChange(before, after, old, fresh)) return null;
  return { kind: 'headline', ...sides(before.reading.title, after.reading.title) };
}

const namesOf = (reading: Reading): string[] => reading.authors.map(({ name }) => name);
const bylinesOf = (reading: Reading) =>
  reading.blocks.filter(({ origin, role, label }) => origin === 'page' && role === 'article' && label === 'byline');

/**
 * Authors added or removed, where the page shows them. Where neither reading could name an author, the text of the byline
 * decides, unless it holds a digit: then it tells how long ago or how many.
 */
export function bylineEdit(before: Side, after: Side): Edit | null {
  const [old, fresh] = [namesOf(before.reading), namesOf(after.reading)];
  if (old.length + fresh.length > 0) {
    const [known, now] = [new Set(old.map(squeeze)), new Set(fresh.map(squeeze))];
    const isAdded = [...now].some((name) => !known.has(name) && isShownChange(before, after, '', name));
    const isRemoved = [...known].some((name) => !now.has(name) && isShownChange(before, after, name, ''));
    return isAdded || isRemoved ? { kind: 'byline', ...sides(old.join(', '), fresh.join(', ')) } : null;
  }
  const [line, newLine] = [bylinesOf(before.reading)[0], bylinesOf(after.reading)[0]];
  if (!line || !newLine) return null;
  const [text, newText] = [squeeze(line.text), squeeze(newLine.text)];
  if (text === newText || /\p{N}/u.test(text + newText)) return null;
  const isEdit = holds(after.pageText, newText) > holds(before.pageText, newText);
  return isEdit
    ? { kind: 'byline', ...sides(line.text, newLine.text), blockBefore: line.id, blockAfter: newLine.id }
    : null;
}

const hasZone = (time: string): boolean => /T.*(?:Z|[+-]\d\d:\d\d)$/.test(time);

/** Two claims of a time that agree as far as both go: the same instant, or one gives only the day of the other. */
function isSameTime(one: string, other: string): boolean {
  if (one.startsWith(other) || other.startsWith(one)) return true;
  return hasZone(one) && hasZone(other) && Date.parse(one) === Date.parse(other);
}

/** The date of publication, where both its value and the line that shows it changed. When it was modified is `declared`, no edit. */
export function dateEdit(before: Side, after: Side): Edit | null {
  const [old, fresh] = [before.reading.publishedAt, after.reading.publishedAt];
  if (!old || !fresh || isSameTime(old, fresh)) return null;
  const isShown = after.reading.blocks.some(({ origin, role, label, text }) => {
    const line = squeeze(text);
    const isDated = origin === 'page' && role === 'article' && (label === 'dateline' || label === 'byline');
    return isDated && /\p{N}/u.test(line) && holds(after.pageText, line) > holds(before.pageText, line);
  });
  return isShown ? { kind: 'date', before: old, after: fresh } : null;
}

/** What of a picture's address stays when the same picture is served in another size, format, or through a resizing proxy. */
function marksOf(src: string): Set<string> {
  const inner = /[?&][^=&]+=(https?(?::|%3a)[^&]+)/i.exec(src)?.[1];
  const path = (inner ? inner.replace(/%2f/gi, '/').replace(/^https?(?::|%3a)/i, '') : src)
    .replace(/[?#][\s\S]*$/, '')
    .replace(/^(?:\w+:)?\/\/[^/]*/, '')
    .toLowerCase();
  const stem = (path.split('/').at(-1) ?? '')
    .replace(/\.\w{2,5}$/, '')
    .replace(/[-_]?(?:\d{2,4}x\d{2,4}|scaled|@\dx)$/, '');
  const ids = path
    .split(/[/_.,=+~!@:-]+/)
    .filter((part) => part.length >= 5 && /\d/.test(part) && !/^(?:[a-z]{0,3}\d{1,4}|\d+x\d+)$/.test(part));
  return new Set(stem.length >= 5 ? [...ids, stem] : ids);
}

/** Addresses of all pictures of a reading, in the article's fields and blocks. */
const picturesOf = (reading: Reading): string[] => [
  ...reading.images.map(({ src }) => src),
  ...reading.blocks.flatMap(({ media }) => (media ?? []).flatMap(({ src }) => (src === undefined ? [] : [src]))),
];

const isPlaceholder = (src: string): boolean => /^(?:data|blob):/i.test(src);

/** True also where the address tells pictures too little apart to say no. */
function mayBeOn(src: string, reading: Reading): boolean {
  const marks = marksOf(src);
  return marks.size === 0 || picturesOf(reading).some((other) => [...marksOf(other)].some((mark) => marks.has(mark)));
}

/**
 * The lead image replaced by another: neither picture stands anywhere on the other page, in any size, and the alternative
 * text is not the same. An image that only appears or disappears is as likely to be a script's or a consent banner's doing.
 */
export function imageEdit(before: Side, after: Side): Edit | null {
  const [old, fresh] = [before.reading.images[0], after.reading.images[0]];
  if (!old || !fresh || old.src === fresh.src || [old, fresh].some(({ src }) => isPlaceholder(src))) return null;
  if (old.alt && fresh.alt && squeeze(old.alt) === squeeze(fresh.alt)) return null;
  if (mayBeOn(old.src, after.reading) || mayBeOn(fresh.src, before.reading)) return null;
  return { kind: 'image', before: old.src, after: fresh.src };
}
