/** Names of meta tags as publishers spell them: `article:published_time`, `og:article:published-time`, `publishedTime`. */
import type { Claims } from './claims.ts';

const NAMESPACE = /^(?:(?:og|article|itemprop|fb|twitter:data)[:.])+/;
const compared = new WeakMap<Claims, ReadonlyMap<string, readonly string[]>>();

/** A name without namespaces and marks between words. */
const metaKey = (name: string): string => name.replace(NAMESPACE, '').replace(/[^\p{L}\p{N}]+/gu, '');

function byKey(claims: Claims): ReadonlyMap<string, readonly string[]> {
  let known = compared.get(claims);
  if (!known) {
    const made = new Map<string, string[]>();
    for (const [name, values] of claims.meta) {
      if (name.startsWith('itemprop:') || name.startsWith('twitter:')) continue;
      const key = metaKey(name);
      const there = made.get(key);
      if (there) there.push(...values);
      else made.set(key, [...values]);
    }
    compared.set(claims, (known = made));
  }
  return known;
}

/** Values of the meta tags that `keys` name, those of one key together, in the order of `keys`. */
export function metaValues(claims: Claims, keys: readonly string[]): (readonly string[])[] {
  const known = byKey(claims);
  return keys.flatMap((key) => {
    const values = known.get(key);
    return values ? [values] : [];
  });
}
