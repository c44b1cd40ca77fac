import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AsyncIterReader, CDXIndexer, WARCParser } from 'warcio';
import { describe, expect, it } from 'vitest';
import { firstMember } from '../../../src/archive/gzip-member.ts';
import { packRecord, parseRecord, spellRecord } from '../../../src/archive/warc.ts';
import { sha256 } from '../../../src/core/digest.ts';
import type { Hop } from '../../../src/core/ports.ts';
import { opened, pageCapture, tempDir } from './made.ts';

const draft = {
  type: 'response',
  id: 'urn:uuid:1',
  date: '2026-03-04T05:06:07.123Z',
  targetUri: 'http://news.example/ä',
  block: [Buffer.from('HTTP/1.1 200 OK\r\nA: 1\r\nA: 2\r\n\r\n'), Buffer.from([0, 255, 10])],
  payloadDigest: sha256('x'),
  headers: { 'WARC-IP-Address': '127.0.0.1' },
} as const;

describe('packRecord', () => {
  it.each([0, 1, 65_535, 65_536, 131_070, 200_000])(
    'stores %i bytes that are packed already as they are',
    async (length) => {
      const bytes = Buffer.from(Array.from({ length }, (_, n) => (n * n) % 251));
      const member = await packRecord(bytes, true);
      expect(member.length - length).toBeLessThanOrEqual(18 + 5 * Math.max(1, Math.ceil(length / 65_535)));
      expect(gunzipSync(member).equals(bytes)).toBe(true);
      expect(firstMember(member)).toMatchObject({ length: member.length, content: bytes });
    },
  );
  it('packs what is not packed yet', async () => {
    const bytes = Buffer.alloc(10_000, 'a');
    const member = await packRecord(bytes);
    expect(member.length).toBeLessThan(200);
    expect(gunzipSync(member).equals(bytes)).toBe(true);
  });
});

describe('spellRecord', () => {
  it('writes a WARC 1.1 record, its block untouched', async () => {
    const block = Buffer.concat(draft.block);
    const expected = [
      'WARC/1.1',
      'WARC-Record-ID: <urn:uuid:1>',
      `WARC-Block-Digest: sha256:${sha256(block)}`,
      `WARC-Payload-Digest: sha256:${sha256('x')}`,
      'WARC-IP-Address: 127.0.0.1',
      'WARC-Target-URI: http://news.example/%C3%A4',
      'WARC-Date: 2026-03-04T05:06:07.123Z',
      'WARC-Type: response',
      'Content-Type: application/http; msgtype=response',
      `Content-Length: ${block.length}`,
      '',
      '',
    ].join('\r\n');
    const bytes = await spellRecord(draft);
    expect(bytes.toString('latin1')).toBe(`${expected}${block.toString('latin1')}\r\n\r\n`);
  });

  it('lets no value of a header begin another', async () => {
    const record = await parseRecord(
      await spellRecord({ ...draft, headers: { 'Content-Type': 'text/html\r\nWARC-Type: warcinfo' } }),
    );
    expect(record).toMatchObject({ type: 'response' });
  });
});

describe('parseRecord', () => {
  it('gives back what was spelled', async () => {
    const record = await parseRecord(await spellRecord(draft));
    expect(record).toMatchObject({
      type: 'response',
      id: 'urn:uuid:1',
      date: draft.date,
      targetUri: 'http://news.example/%C3%A4',
      block: Buffer.concat(draft.block),
    });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another file', Buffer.from('GIF89a\r\n\r\n')],
    ['no length', Buffer.from('WARC/1.1\r\nWARC-Type: warcinfo\r\n\r\n\r\n\r\n')],
    ['a length that is too long', Buffer.from('WARC/1.1\r\nContent-Length: 9\r\n\r\nabc\r\n\r\n')],
    ['a length that is too short', Buffer.from('WARC/1.1\r\nContent-Length: 1\r\n\r\nabc\r\n\r\n')],
    ['no end', Buffer.from('WARC/1.1\r\nContent-Length: 3\r\n\r\nabc')],
    ['a length that is no number', Buffer.from('WARC/1.1\r\nContent-Length: -1\r\n\r\n\r\n\r\n')],
  ])('says why %s is no record', async (_what, bytes) => {
    expect(await parseRecord(bytes)).toEqual(expect.stringMatching(/^it/));
  });
});

describe('a WARC file of a run', () => {
  const write = async () => {
    const dir = await tempDir();
    const archive = await opened(dir);
    const end = pageCapture({
      url: 'http://news.example/end',
      body: 'the page',
      gzip: true,
      headers: [
        ['Transfer-Encoding', 'chunked'],
        ['Content-Length', '99'],
        ['Set-Cookie', 'a=secret'],
      ],
    });
    const start: Hop = {
      ...pageCapture({ url: 'http://news.example/start', status: 302 }).hops[0]!,
      requestHeaders: [['Cookie', 'a=secret']],
    };
    const first = await archive.captures.write({ ...end, hops: [start, end.hops[0]!] });
    await archive.captures.write(pageCapture({ url: 'http://news.example/end', status: 304 }), first);
    await archive.captures.write({ ...pageCapture({ body: 'a file' }), hops: [], engine: 'file' });
    await archive.seal({}, 'finished');
    const folder = join(dir, 'captures/2026/03/04');
    const names = await readdir(folder);
    const name = names.find((each) => each.endsWith('.warc.gz'))!;
    return {
      bytes: await readFile(join(folder, name)),
      name,
      cdxj: await readFile(
        join(
          folder,
          names.find((each) => each.endsWith('.cdxj'))!,
        ),
        'utf8',
      ),
    };
  };

  it('is read by another reader: order, types, links, renamed and withheld headers', async () => {
    const { bytes, name } = await write();
    const records = [];
    for await (const record of new WARCParser(new AsyncIterReader([bytes]))) {
      await record.readFully(false);
      records.push(record);
    }
    const types = records.map((record) => record.warcType).join(' ');
    expect(types).toBe('warcinfo response request response request revisit request resource');
    const [info, redirect, request, page, , revisit] = records;
    expect(info?.warcHeader('WARC-Filename')).toBe(name);
    expect(request?.warcHeader('WARC-Concurrent-To')).toBe(redirect?.warcHeader('WARC-Record-ID'));
    expect(request?.warcHeader('WARC-IP-Address')).toBe('127.0.0.1');
    expect(request?.httpHeaders?.headers.get('cookie')).toBe('withheld');
    expect(Object.fromEntries(page?.httpHeaders?.headers ?? [])).toMatchObject({
      'x-orig-transfer-encoding': 'chunked',
      'x-orig-content-length': '99',
      'content-encoding': 'gzip',
      'set-cookie': 'withheld',
    });
    expect(gunzipSync(page?.payload ?? Buffer.alloc(0)).toString()).toBe('the page');
    expect(revisit?.warcHeader('WARC-Profile')).toBe('http://netpreserve.org/warc/1.1/revisit/server-not-modified');
    expect(revisit?.warcHeader('WARC-Refers-To')).toBe(page?.warcHeader('WARC-Record-ID'));
    expect(revisit?.warcRefersToTargetURI).toBe('http://news.example/end');
    expect(revisit?.warcRefersToDate).toBe(page?.warcDate);
    expect(revisit?.warcPayloadDigest).toBe(page?.warcPayloadDigest);
    expect(gunzipSync(bytes).toString('latin1')).not.toContain('secret');
  });

  it('has one gzip member a record, and an index as another indexer makes it', async () => {
    const { bytes, name, cdxj } = await write();
    const indexer = new CDXIndexer({ format: 'cdxj' });
    const theirs = [];
    for await (const line of indexer.iterIndex([{ filename: name, reader: new AsyncIterReader([bytes]) }]))
      theirs.push(line);
    const ours: Record<string, unknown>[] = cdxj
      .trimEnd()
      .split('\n')
      .map((line) => ({
        key: line.split(' ', 2),
        ...(JSON.parse(line.slice(line.indexOf('{'))) as Record<string, string>),
      }));
    expect(ours).toHaveLength(4);
    for (const { urlkey, timestamp, url, offset, length, digest, mime, status } of theirs as Record<string, string>[]) {
      const own = ours.find((each) => each['offset'] === String(offset));
      expect(own).toMatchObject({
        key: [urlkey, timestamp],
        url,
        length: String(length),
        digest: `sha256:${digest}`,
        mime,
      });
      if (status) expect(own?.['status']).toBe(String(status));
      const member = bytes.subarray(Number(offset), Number(offset) + Number(length));
      expect(gunzipSync(member).toString('latin1')).toMatch(/^WARC\/1\.1\r\n/);
    }
    expect(cdxj.split('\n').slice(0, -1)).toEqual(cdxj.split('\n').slice(0, -1).toSorted());
  });
});
