/** Reading back what the archive spelled, strictly: the shape, and every byte. */
import type { z } from 'zod';
import { TearsheetError } from '../core/errors.ts';

/**
 * The value that `text` spells, or, as a string, why it is not one that we wrote: not JSON, another shape, or the right
 * shape in another spelling (a changed order, a doubled key, a space).
 */
export function readSpelled<T extends object>(
  schema: z.ZodType<T>,
  text: string,
  spelling: (value: T) => string,
): T | string {
  let parsed: z.ZodSafeParseResult<T>;
  try {
    parsed = schema.safeParse(JSON.parse(text));
  } catch (error) {
    return `it is not JSON (${(error as Error).message.replace(/\s+/g, ' ').slice(0, 120)})`;
  }
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join('.') || 'it'} is wrong: ${issue?.message ?? 'another shape'}`;
  }
  return spelling(parsed.data) === text ? parsed.data : 'it is not spelled as we spell it';
}

/** One line that names the file, what was expected and what was got. */
export function damaged(path: string, expected: string, got: string): TearsheetError {
  const message = `${path}: expected ${expected}, got ${got}; run tearsheet verify to see all that is damaged`;
  return new TearsheetError('E_ARCHIVE_DAMAGED', message);
}

export function readOnly(dir: string): TearsheetError {
  const message = `${dir}: expected an archive opened for writing, got one opened for reading`;
  return new TearsheetError('E_ARCHIVE_READ_ONLY', message);
}
