/** What makes a folder an archive. */
import { spell } from '../core/digest.ts';

/** `archive.json`, the same in every archive, so that any damage to it shows. */
export const MARKER_TEXT = spell({ made: 'tearsheet', schema: 1 });
