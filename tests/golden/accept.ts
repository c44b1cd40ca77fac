/** Writes what the cleaner makes of one page as that page's expectation, after showing how it departs from the one there is; or shows how all pages depart from their truth. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { clean } from '../../src/clean/index.ts';
import { loadRules } from '../../src/core/rules.ts';
import type { Reading } from '../../src/core/schema.ts';
import { differences, expectationOf, expectedFile, goldenNames, goldenPage, type GoldenPage } from './page.ts';
import { trueNames, truthOf, verdictOn } from './truth.ts';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const { rules } = loadRules();
const readingOf = ({ bytes, meta: { url, fetchedAt, contentType } }: GoldenPage): Reading =>
  clean(bytes, { url, fetchedAt, ...(contentType === undefined ? {} : { contentType }), rules });
const { values } = parseArgs({
  options: { accept: { type: 'string' }, show: { type: 'string' }, truth: { type: 'boolean', default: false } },
});
if (values.truth) {
  for (const name of trueNames()) {
    const { knownWrong, ...truth } = truthOf(name);
    const { wrong, mended } = verdictOn(differences(truth, readingOf(goldenPage(name))), knownWrong);
    const lines = [...wrong, ...mended.map((line) => `right now, take it out of knownWrong: ${line}`)];
    say([`${name}: ${knownWrong.length} known errors`, ...lines].join('\n  '));
  }
  process.exit(0);
}
const name = values.accept ?? values.show;
if (name === undefined || !goldenNames().includes(name)) {
  process.stderr.write(
    `Expected --truth, or --show NAME or --accept NAME with one of:\n  ${goldenNames().join('\n  ')}\n`,
  );
  process.exit(2);
}
const page = goldenPage(name);
const { expected } = page;
const reading = readingOf(page);
const departures = expected === null ? ['there is no expectation yet'] : differences(expected, reading);
say(departures.length === 0 ? `${name}: as expected` : `${name}:\n  ${departures.join('\n  ')}`);
if (values.accept !== undefined && departures.length > 0) {
  writeFileSync(expectedFile(name), `${JSON.stringify(expectationOf(reading), null, 2)}\n`);
  say(`Written. Read it line by line before you commit it: ${expectedFile(name)}`);
}
