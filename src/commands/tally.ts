/** What came of the pages of one run. */
import { TearsheetError } from '../core/errors.ts';
import type { Visit, VisitOutcome } from '../visit.ts';

export class Tally {
  readonly counts: Partial<Record<VisitOutcome, number>> = {};
  readonly failures: TearsheetError[] = [];
  pages = 0;

  add({ outcome, error }: Visit): void {
    this.pages += 1;
    this.counts[outcome] = (this.counts[outcome] ?? 0) + 1;
    if (error !== undefined) this.failures.push(new TearsheetError(error.code, error.message));
  }

  /** The one failure that stands for all; null where every page was looked at. */
  get verdict(): TearsheetError | null {
    const [first] = this.failures;
    if (first === undefined || this.pages === 1) return first ?? null;
    const codes = [...new Set(this.failures.map(({ code }) => code))];
    const message = `${this.failures.length} of ${this.pages} pages could not be archived (${codes.join(', ')}); each is named above`;
    return new TearsheetError(codes.length === 1 ? first.code : 'E_PAGES_FAILED', message);
  }
}
