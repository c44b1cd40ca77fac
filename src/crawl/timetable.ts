/** When each source is crawled. The only door to croner. */
import { Cron } from 'croner';
import { TearsheetError } from '../core/errors.ts';

/** Five fields of cron, then a time zone, UTC unless given: `*\/15 6-22 * * * Europe/Berlin`. */
export class Schedule {
  readonly text: string;
  readonly #cron: Cron;

  /** `whose` stands in the message. Throws `E_CONFIG_INVALID` for what never comes, or is no schedule. */
  constructor(text: string, whose: string) {
    this.text = text;
    const fields = text.trim().split(/\s+/);
    const timezone = fields[5] ?? 'UTC';
    try {
      if (fields.length < 5 || fields.length > 6) throw new Error(`${fields.length} fields`);
      // Paused: we sleep ourselves, on the clock that tests can turn.
      this.#cron = new Cron(fields.slice(0, 5).join(' '), { timezone, mode: '5-part', paused: true });
      if (this.#cron.nextRun() === null) throw new Error('a time that never comes');
    } catch (cause) {
      const got = cause instanceof Error ? cause.message : String(cause);
      const message = `${whose}: expected five fields of cron and a time zone, such as "*/15 6-22 * * * Europe/Berlin", got ${JSON.stringify(text)} (${got}); correct the schedule`;
      throw new TearsheetError('E_CONFIG_INVALID', message, { cause });
    }
  }

  /** The first time after `ms`, both milliseconds since 1970. */
  next(ms: number): number {
    return (this.#cron.nextRun(new Date(ms)) as Date).getTime();
  }
}
