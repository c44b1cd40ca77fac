// Counts a test run from vitest's JSON report and judges the skips: `tsx count.ts REPORT [--shared] [--failed STEP]...`.
//
// With --shared the folder of shared pages lies beside the repository: then every test can run, and one that was skipped counts
// as failed. Without it only tests of files that look for that folder may be skipped. So do other steps that failed count, such
// as lint. The last line is `N passed, N failed`, with `, N skipped` where there are any; the status is 0 where none failed.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/** As much of vitest's JSON report as is looked at. */
export interface Report {
  readonly testResults: readonly {
    /** Path of the file. */
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}
export interface Circumstances {
  readonly hasShared: boolean;
  /** The text of a test file. */
  readonly sourceOf: (file: string) => string;
  /** Names of steps beside and around the tests that failed; `tests` is the run of the tests itself. */
  readonly failedSteps: readonly string[];
}
export interface Count {
  readonly line: string;
  /** What counts as failed though it is no failed test, one line each. */
  readonly complaints: readonly string[];
  readonly failed: number;
}

/** What a report, and what else went wrong, come to. */
export function count(report: Report | null, { hasShared, sourceOf, failedSteps }: Circumstances): Count {
  const complaints: string[] = [];
  let [passed, failed, skipped] = [0, 0, 0];
  for (const { name: file, status, message, assertionResults } of report?.testResults ?? []) {
    for (const { status: outcome, fullName } of assertionResults) {
      if (outcome === 'passed') passed += 1;
      else if (outcome === 'failed') failed += 1;
      else if (hasShared || !/\bshared\b/.test(sourceOf(file)))
        complaints.push(`skipped, but could have run: ${fullName} (${file})`);
      else skipped += 1;
    }
    // A file that broke before its tests were known has none to count.
    if (status === 'failed' && !assertionResults.some((one) => one.status === 'failed'))
      complaints.push(`failed as a whole: ${file}: ${String(message).split('\n')[0]}`);
  }
  if (passed + failed === 0) complaints.push('no test ran');
  for (const step of failedSteps) {
    if (step !== 'tests') complaints.push(`failed: ${step}`);
    else if (failed === 0 && complaints.length === 0)
      complaints.push('failed: the tests as a whole, with an error outside of any of them');
  }
  failed += complaints.length;
  return { line: `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`, complaints, failed };
}

function reportAt(path: string): Report | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return null;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { shared: { type: 'boolean', default: false }, failed: { type: 'string', multiple: true, default: [] } },
  });
  const { line, complaints, failed } = count(reportAt(positionals[0] ?? ''), {
    hasShared: values.shared,
    sourceOf: (file) => readFileSync(file, 'utf8'),
    failedSteps: values.failed,
  });
  for (const text of [...complaints, line]) process.stdout.write(`${text}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}
