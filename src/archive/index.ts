/** The archive room's door: everything else in here is its own business. */
import type { VerifyReport } from '../core/ports.ts';
import type { VerifyOptions } from './verify.ts';

export { openArchive } from './open.ts';
export type { ArchiveOptions } from './open.ts';
export type { VerifyOptions } from './verify.ts';

/** See `verify.ts`, which is loaded only when somebody verifies. */
export async function verifyArchive(dir: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const verify = await import('./verify.ts');
  return verify.verifyArchive(dir, options);
}
