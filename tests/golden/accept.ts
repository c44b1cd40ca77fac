/** Writes what the cleaner makes of one page as that page's expectation, after showing how it departs from the one there is. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { clean } from '../../src/clean/index.ts';
import { loadRules } from '../../src/core/rules.ts';
import { differences, expectationOf, expectedFile, goldenNames, goldenPage } from './page.ts';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const { values } = parseArgs({ options: { accept: { type: 'string' }, show: { type: 'string' } } });
const name = values.accept ?? values.show;
if (name === undefined || !goldenNames().includes(name)) {
  process.stderr.write(`Expected --show NAME or --accept NAME with one of:\n  ${goldenNames().join('\n  ')}\n`);
  process.exit(2);
}
const { bytes, meta, expected } = goldenPage(name);
const { url, fetchedAt, contentType } = meta;
const { rules } = loadRules();
const reading = clean(bytes, { url, fetchedAt, ...(contentType === undefined ? {} : { contentType }), rules });
const departures = expected === null ? ['there is no expectation yet'] : differences(expected, reading);
say(departures.length === 0 ? `${name}: as expected` : `${name}:\n  ${departures.join('\n  ')}`);
if (values.accept !== undefined && departures.length > 0) {
  writeFileSync(expectedFile(name), `${JSON.stringify(expectationOf(reading), null, 2)}\n`);
  say(`Written. Read it line by line before you commit it: ${expectedFile(name)}`);
}
