/** A stream as lines. */
import type { Readable } from 'node:stream';

/** A line without its LF (and CR), or word that it was longer than is allowed; what was too long is not kept. */
export type Line = { readonly text: string } | { readonly bytes: number; readonly text: null };

const LF = 0x0a;

/**
 * The lines of a UTF-8 stream. Splits at LF alone: JSON may hold U+2028 as it is, where Node's readline would split too.
 * Pulls no faster than the caller takes; ends quietly when the signal fires.
 */
export async function* linesOf(stream: Readable, maxBytes: number, signal?: AbortSignal): AsyncGenerator<Line> {
  const stop = () => stream.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  let parts: Buffer[] = [];
  let bytes = 0;
  const take = (): Line => {
    const line: Line =
      bytes > maxBytes ? { bytes, text: null } : { text: Buffer.concat(parts).toString('utf8').replace(/\r$/, '') };
    parts = [];
    bytes = 0;
    return line;
  };
  const add = (part: Buffer) => {
    bytes += part.length;
    if (bytes > maxBytes) parts = [];
    else parts.push(part);
  };
  try {
    if (signal?.aborted) return;
    for await (const chunk of stream) {
      const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
      let from = 0;
      for (let at = buffer.indexOf(LF); at >= 0; at = buffer.indexOf(LF, from)) {
        add(buffer.subarray(from, at));
        yield take();
        from = at + 1;
      }
      add(buffer.subarray(from));
    }
    if (bytes > 0) yield take();
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
