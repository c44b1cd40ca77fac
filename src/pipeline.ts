/**
 * The program in one sentence: a page is fetched, its capture written, cleaned and identified; while its article is held it
 * is compared with the version before, becomes a version or not, and a look in either case. The only file that knows this
 * order.
 */
import { compare, judgeLook } from './compare/index.ts';
import { TearsheetError, asTearsheetError } from './core/errors.ts';
import { identify } from './core/identity.ts';
import type { ArticleHold, Capture, StoredSnapshot, Target } from './core/ports.ts';
import type { Head } from './core/schema.ts';
import * as forms from './forms.ts';
import type { Finding } from './forms.ts';
import { identityOf, placed } from './visit.ts';
import type { Answer, Parts, Visit } from './visit.ts';

/**
 * Visits one page and writes down what came of it. What the page or its server did wrong is a visit with the outcome `error`;
 * throws `E_ARCHIVE_*` where the archive cannot be read or written, `E_INTERRUPTED` where the signal fired first.
 */
export async function archiveUrl(parts: Parts, target: Target, signal?: AbortSignal): Promise<Visit> {
  const asked = await placed(parts, identify({ finalUrl: target.url, source: parts.sourceOf(target.url) }));
  const answer = await permitted(parts, target, asked.head, signal);
  if (forms.isUnwritten(target, answer, asked.head)) return forms.unwritten(target, answer);
  const found = identityOf(parts, target, answer);
  const { key, url } = found === null ? asked : found.formerKey === undefined ? found : await placed(parts, found);
  return parts.snapshots.hold(key, url, (article) => writeDown(parts, target, answer, article));
}

/** What robots.txt forbids is not fetched where that is binding; else it is noted with the look. */
async function permitted(parts: Parts, target: Target, head: Head | null, signal?: AbortSignal): Promise<Answer> {
  const ask = () => parts.robots?.of(target.url, signal);
  const permit = parts.robots?.isBinding === true ? await ask() : undefined;
  if (permit?.isAllowed === false) return { error: forms.forbidden(target, permit), permit };
  const answer = await fetchAndRead(parts, target, head, signal);
  // Where it only stands beside the look, a host that is down is not asked once more.
  return answer.capture === undefined ? answer : { ...answer, permit: permit ?? (await ask()) };
}

async function fetchAndRead(parts: Parts, target: Target, head: Head | null, signal?: AbortSignal): Promise<Answer> {
  let capture: Capture;
  try {
    capture = await parts.fetcher.fetch(forms.requestFor(parts, target, head, signal), signal);
  } catch (thrown) {
    const error = asTearsheetError(thrown);
    if (forms.isNoLook(error)) throw error;
    return { error };
  }
  const ref = await parts.captures.write(capture, head?.capture);
  if (capture.status === 304) return { capture, ref };
  try {
    const reading = await parts.read(capture);
    const rendered = await parts.render?.({ url: target.url, capture, reading }, signal);
    if (!rendered) return { capture, ref, reading };
    const shown = await parts.captures.write(rendered.capture);
    return { ...rendered, ref: shown, reading: await parts.read(rendered.capture) };
  } catch (thrown) {
    if (asTearsheetError(thrown).code === 'E_RULES_INVALID') throw thrown;
    return { capture, ref, error: forms.failure('E_CLEAN_FAILED', thrown) };
  }
}

async function writeDown(parts: Parts, target: Target, answer: Answer, article: ArticleHold): Promise<Visit> {
  // Reading the version takes as long as all the rest of a look that found nothing new.
  const isUnread = answer.capture?.status === 304 && article.newest !== undefined;
  const latest = isUnread ? null : await article.latest();
  const finding = await judge(parts, target, answer, latest);
  const next = finding.isVersion ? forms.nextSnapshot(parts, article.key, latest, answer) : null;
  let kept = latest;
  try {
    if (next !== null) kept = await article.addVersion(next, finding.change);
  } catch (thrown) {
    // Somebody else's version came first: there is another one to compare with now.
    if (thrown instanceof TearsheetError && thrown.code === 'E_ARCHIVE_TAKEN')
      return writeDown(parts, target, answer, article);
    throw thrown;
  }
  const standing = isUnread ? article.newest : kept && forms.refOf(kept);
  await article.addLook(...forms.lookOf(parts.clock, target, answer, finding, standing ?? null));
  return forms.visitOf(target, article.key, answer, finding, { kept, standing: standing ?? null });
}

/** Old and new are both read by today's program, so that a change of ours is never taken for one of theirs. */
async function judge(parts: Parts, target: Target, answer: Answer, latest: StoredSnapshot | null): Promise<Finding> {
  const { capture, ref, reading, error } = answer;
  if (error || !capture) return { outcome: error?.code === 'E_FETCH_ROBOTS' ? 'robots' : 'error', isVersion: false };
  const before = latest && reading && (await parts.readAgain(latest));
  const isSameBytes = ref?.decodedSha256 === latest?.snapshot.capture.decodedSha256;
  const previous = before?.reading;
  const change = previous && reading && compare(previous, reading, { isSameBytes, words: parts.words });
  const { status, finalUrl } = capture;
  const judged = judgeLook({ status, askedUrl: target.url, finalUrl, reading, previous, change });
  const note = [judged.note, before?.note].filter((part) => part !== undefined).join('; ');
  return { ...judged, ...(change && { change }), ...(note !== '' && { note }) };
}
