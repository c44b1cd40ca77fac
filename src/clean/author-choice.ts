/** Which source is believed about who wrote the article. */
import type { Author, Reading } from '../core/schema.ts';
import type { AuthorReader, ClaimedAuthors, ShownAuthors } from './authors.ts';
import { plain } from './rules.ts';

type Origin = Reading['foundIn'][string];

/** One source's authors and where it was. */
export interface AuthorClaim {
  readonly authors: readonly Author[];
  readonly from: Origin;
}

/**
 * What each source says, the one to be believed first. A person beats the publisher that a page names for all its
 * articles; of persons JSON-LD comes first, then meta tags, the byline, and marks, which also stand in lists of other
 * stories. A line that only looks like a name comes after them.
 */
export function authorClaims(reader: AuthorReader, claimed: ClaimedAuthors, shown: ShownAuthors): AuthorClaim[] {
  const isShown = ({ name }: Author) => shown.authors.some((other) => plain(other.name) === plain(name));
  const { linked, tagged, marked, firstMarked } = claimed;
  const near = marked.some(isShown) ? marked.filter(isShown) : firstMarked;
  const isNear = ({ name }: Author) => near.some((other) => plain(other.name) === plain(name));
  const named = reader.persons(linked);
  const bylines = marked.some(isShown) ? shown.authors.filter(isNear) : shown.authors;
  const byline: AuthorClaim = { authors: reader.isOfAgencies(bylines) ? [] : bylines, from: 'page' };
  const marks: AuthorClaim = { authors: reader.persons(near), from: 'microdata' };
  const claims: AuthorClaim[] = [
    { authors: named.every((author) => reader.isUser(author)) ? [] : named, from: 'json-ld' },
    { authors: reader.persons(tagged), from: 'meta' },
    ...(shown.isCertain ? [byline, marks] : [marks, byline]),
    { authors: linked, from: 'json-ld' },
    { authors: tagged, from: 'meta' },
    { authors: near, from: 'microdata' },
    { authors: shown.authors, from: 'page' },
  ];
  return claims.filter(({ authors }) => authors.length > 0);
}
