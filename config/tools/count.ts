// Counts a test run from vitest's JSON report and judges the skips: `tsx count.ts REPORT [--shared]`.
//
// With --shared the folder of shared pages lies beside the repository: then every test can run, and one that was skipped fails
// the count. Without it only tests of files that look for that folder may be skipped. The last line is
// `N passed, N failed`, with `, N skipped` where there are any. Ends with status 1 on a failure, a bad skip, or no test at all.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** As much of vitest's JSON report as is looked at. */
export interface Report {
  readonly success: boolean;
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
}

/** What a report comes to. */
export function count(
  report: Report,
  { hasShared, sourceOf }: Circumstances,
): { line: string; complaints: string[]; isGood: boolean } {
  const complaints: string[] = [];
  let [passed, failed, skipped] = [0, 0, 0];
  for (const { name: file, status, message, assertionResults } of report.testResults) {
    for (const { status: outcome, fullName } of assertionResults) {
      if (outcome === 'passed') passed += 1;
      else if (outcome === 'failed') failed += 1;
      else {
        skipped += 1;
        if (hasShared || !/\bshared\b/.test(sourceOf(file)))
          complaints.push(`skipped, but could have run: ${fullName} (${file})`);
      }
    }
    // A file that broke before its tests were known has none to count.
    if (status === 'failed' && !assertionResults.some((one) => one.status === 'failed')) {
      failed += 1;
      complaints.push(`failed as a whole: ${file}: ${String(message).split('\n')[0]}`);
    }
  }
  if (passed + failed === 0) complaints.push('no test ran');
  if (!report.success && failed === 0 && complaints.length === 0)
    complaints.push('the run as a whole failed; see above');
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return { line, complaints, isGood: failed === 0 && complaints.length === 0 };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [path, flag] = process.argv.slice(2);
  const report = JSON.parse(readFileSync(path ?? '', 'utf8')) as Report;
  const { line, complaints, isGood } = count(report, {
    hasShared: flag === '--shared',
    sourceOf: (file) => readFileSync(file, 'utf8'),
  });
  for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
  process.stdout.write(`${line}\n`);
  process.exitCode = isGood ? 0 : 1;
}
