/** Which source is believed about who wrote the article. */
import type { Author, Reading } from '../core/schema.ts';
import type { AuthorReader, ClaimedAuthors } from './authors.ts';
import { plain } from './rules.ts';

type Origin = Reading['foundIn'][string];

/** One source's authors and where it was. */
export interface AuthorClaim {
  readonly authors: readonly Author[];
  readonly from: Origin;
}

/**
 * What each source says, the one to be believed first. A person beats the publisher that a page names for all its
 * articles; of persons JSON-LD comes first, the byline last but for marks, which also stand in lists of other stories.
 */
export function authorClaims(reader: AuthorReader, claimed: ClaimedAuthors, shown: readonly Author[]): AuthorClaim[] {
  const isShown = ({ name }: Author) => shown.some((other) => plain(other.name) === plain(name));
  const { linked, tagged, marked, firstMarked } = claimed;
  const near = marked.some(isShown) ? marked.filter(isShown) : firstMarked;
  const named = reader.persons(linked);
  const claims: AuthorClaim[] = [
    { authors: named.every((author) => reader.isUser(author)) ? [] : named, from: 'json-ld' },
    { authors: reader.persons(tagged), from: 'meta' },
    {
      authors: reader.isOfAgencies(shown)
        ? []
        : marked.some(isShown)
          ? shown.filter((one) => near.some(({ name }) => plain(name) === plain(one.name)))
          : shown,
      from: 'page',
    },
    { authors: reader.persons(near), from: 'microdata' },
    { authors: linked, from: 'json-ld' },
    { authors: tagged, from: 'meta' },
    { authors: near, from: 'microdata' },
    { authors: shown, from: 'page' },
  ];
  return claims.filter(({ authors }) => authors.length > 0);
}
