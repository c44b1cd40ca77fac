/**
 * The program in one sentence: a page is fetched, its capture written, cleaned and identified; while its article is held it
 * is compared with the version before, becomes a version or not, and a look in either case. The only file that knows this
 * order.
 */
import { compare, judgeLook } from './compare/index.ts';
import { TearsheetError, asTearsheetError } from './core/errors.ts';
import { identify } from './core/identity.ts';
import type { Identity } from './core/identity.ts';
import type { ArticleHold, Capture, StoredSnapshot, Target } from './core/ports.ts';
import type { Head } from './core/schema.ts';
import { failure, lookOf, nextSnapshot, visitOf } from './visit.ts';
import type { Answer, Finding, Parts, Visit } from './visit.ts';

/**
 * Visits one page and writes down what came of it. What the page or its server did wrong is a visit with the outcome `error`;
 * throws `E_ARCHIVE_*` where the archive cannot be read or written, `E_INTERRUPTED` where the signal fired first.
 */
export async function archiveUrl(parts: Parts, target: Target, signal?: AbortSignal): Promise<Visit> {
  const asked = await placed(parts, identify({ finalUrl: target.url, source: parts.sourceOf(target.url) }));
  const answer = await fetchAndRead(parts, target, asked.head, signal);
  const found = identityOf(parts, target, answer);
  const { key, url } = found === null ? asked : found.formerKey === undefined ? found : await placed(parts, found);
  return parts.snapshots.hold(key, url, (article) => writeDown(parts, target, answer, article));
}

/** An article that was kept before its source had a pattern for ids stays where it is. */
async function placed(parts: Parts, { key, formerKey, url }: Identity): Promise<Place> {
  const head = await parts.snapshots.head(key);
  const former = head === null && formerKey !== undefined ? await parts.snapshots.head(formerKey) : null;
  return former === null || formerKey === undefined ? { key, url, head } : { key: formerKey, url, head: former };
}
interface Place {
  readonly key: string;
  readonly url: string;
  readonly head: Head | null;
}

async function fetchAndRead(parts: Parts, { url }: Target, head: Head | null, signal?: AbortSignal): Promise<Answer> {
  let capture: Capture;
  try {
    capture = await parts.fetcher.fetch({ url, ...(head?.validators && { validators: head.validators }) }, signal);
  } catch (thrown) {
    const error = asTearsheetError(thrown);
    if (error.code === 'E_INTERRUPTED' || error.code === 'E_INTERNAL') throw error;
    return { error };
  }
  const ref = await parts.captures.write(capture, head?.capture);
  if (capture.status === 304) return { capture, ref };
  try {
    return { capture, ref, reading: await parts.read(capture) };
  } catch (thrown) {
    if (asTearsheetError(thrown).code === 'E_RULES_INVALID') throw thrown;
    return { capture, ref, error: failure('E_CLEAN_FAILED', thrown) };
  }
}

/** Whose page it is, where it is an article's: a wall, an outage or a front page in its place says nothing of that. */
function identityOf({ sourceOf }: Parts, { url }: Target, { capture, reading }: Answer): Identity | null {
  if (capture === undefined || reading === undefined) return null;
  const { finalUrl, status } = capture;
  if (!judgeLook({ status, askedUrl: url, finalUrl, reading }).isVersion) return null;
  return identify({ finalUrl, canonicalClaim: reading.canonicalUrl, source: sourceOf(finalUrl) });
}

async function writeDown(parts: Parts, target: Target, answer: Answer, article: ArticleHold): Promise<Visit> {
  const latest = await article.latest();
  const finding = await judge(parts, target, answer, latest);
  const next = finding.isVersion ? nextSnapshot(parts, article.key, latest, answer) : null;
  let kept = latest;
  try {
    if (next !== null) kept = await article.addVersion(next, finding.change);
  } catch (thrown) {
    // Somebody else's version came first: there is another one to compare with now.
    if (thrown instanceof TearsheetError && thrown.code === 'E_ARCHIVE_TAKEN')
      return writeDown(parts, target, answer, article);
    throw thrown;
  }
  await article.addLook(...lookOf(parts.clock, target, answer, finding, kept));
  return visitOf(target, article.key, answer, finding, kept);
}

/** Old and new are both read by today's program, so that a change of ours is never taken for one of theirs. */
async function judge(parts: Parts, target: Target, answer: Answer, latest: StoredSnapshot | null): Promise<Finding> {
  const { capture, ref, reading, error } = answer;
  if (error || !capture) return { outcome: 'error', isVersion: false };
  const before = latest && reading && (await parts.readAgain(latest));
  const isSameBytes = ref?.decodedSha256 === latest?.snapshot.capture.decodedSha256;
  const previous = before?.reading;
  const change = previous && reading && compare(previous, reading, { isSameBytes, words: parts.words });
  const { status, finalUrl } = capture;
  const judged = judgeLook({ status, askedUrl: target.url, finalUrl, reading, previous, change });
  const note = [judged.note, before?.note].filter((part) => part !== undefined).join('; ');
  return { ...judged, ...(change && { change }), ...(note !== '' && { note }) };
}
