/** SHA-256 and the one way a stored object is spelled. */
import { createHash } from 'node:crypto';

/** Lower-case hex SHA-256 of bytes, or of a string's UTF-8. */
export const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** The same value with the keys of every object in code unit order. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const source = value as Record<string, Json | undefined>;
  const target: Record<string, Json> = Object.create(null) as Record<string, Json>;
  for (const key of Object.keys(source).toSorted()) {
    const inner = source[key];
    if (inner !== undefined) target[key] = sorted(inner);
  }
  return target;
}

/**
 * How a snapshot, manifest or any other whole file of the archive is spelled: sorted keys, two spaces, LF, a final LF.
 * Lone surrogates come out as escapes, so the text is always valid UTF-8.
 */
export const spell = (value: unknown): string => `${JSON.stringify(sorted(value as Json), null, 2)}\n`;

/** One line of a JSONL file, without its LF: sorted keys, no spaces. */
export const spellLine = (value: unknown): string => JSON.stringify(sorted(value as Json));
