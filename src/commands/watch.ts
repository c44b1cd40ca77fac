/** `tearsheet watch`: stays up and crawls each source when its schedule says so. */
import { ERRORS } from '../core/errors.ts';
import { openToCrawl } from '../wiring-crawl.ts';
import { openWatch } from '../wiring-watch.ts';
import { summaryAsJson, summaryLines } from './crawl-lines.ts';
import { countFlag, textFlag } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { outputOf } from './output.ts';
import { inline } from './terminal.ts';

export async function run(invocation: Invocation): Promise<number> {
  const { io, args, flags } = invocation;
  const output = outputOf(invocation);
  const host = textFlag(flags['host']);
  const port = flags['port'] === '0' ? 0 : countFlag(flags['port'], '--port', 65_535);
  const session = await openToCrawl(invocation, args);
  try {
    const watch = await openWatch(session, {
      ...(host !== undefined && { host }),
      ...(port !== undefined && { port }),
      startsAtOnce: flags['wait'] !== true,
      signal: io.signal,
      abort: io.abort,
      onPass: (source, summary) => {
        const { pages, outcomes } = summary;
        // A quiet pass of a quiet source is one line, not ten.
        if (output.isJson) void output.json({ source, ...(summaryAsJson(summary) as object) });
        else if (pages === 0 && summary.failures.length === 0) void output.line(`${source}: nothing was due`);
        else void output.line(summaryLines(summary, [source], output).join('\n'));
        if ((outcomes.error ?? 0) > 0 && output.isJson) output.remark(`${source}: ${outcomes.error} pages failed`);
      },
      onFault: (source, { code, message }) => output.remark(`${source}: ${code}: ${message}`),
    });
    for (const { source, schedule, nextAt } of watch.states)
      output.remark(`watching ${source}, ${inline(schedule)}${nextAt === null ? '' : `, next at ${nextAt}`}`);
    if (watch.url !== null) output.remark(`health at ${watch.url}/healthz, metrics at ${watch.url}/metrics`);
    await watch.run();
    output.remark('stopped in good order');
    // Asked to stop, it stopped: that is no failure to a service manager.
    return io.abort.aborted ? ERRORS.E_INTERRUPTED.exit : 0;
  } finally {
    await session.close();
  }
}
