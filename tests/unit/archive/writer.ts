/**
 * A process that archives, to be killed: `node --import tsx writer.ts DIR NAME VISITS ARTICLES`. Says `open`, then each look
 * that was acknowledged, as a line of JSON, and `sealed` at the end.
 */
import { writeSync } from 'node:fs';
import { openArchive } from '../../../src/archive/index.ts';
import { visit } from './made.ts';

const [dir = '', name = '', visits = '0', articles = '1'] = process.argv.slice(2);
const say = (text: string): void => void writeSync(1, `${text}\n`);

const archive = await openArchive({
  dir,
  command: 'test',
  program: 'tearsheet/test',
  create: true,
  maxWarcBytes: 20_000,
});
say('open');
const visitOne = async (n: number): Promise<void> => {
  const key = `news.example:/${n % Number(articles)}`;
  // Every third visit finds the page as it was.
  const look = await visit(
    archive,
    key,
    `${name} ${Math.floor(n / Number(articles) / 3)} ${'x'.repeat(n % 700)}`.slice(0, 800),
  );
  say(JSON.stringify(look));
};
for (let n = 0; n < Number(visits); n += 2) await Promise.all([visitOne(n), visitOne(n + 1)]);
await archive.seal({ pages: Number(visits) }, 'finished');
say('sealed');
