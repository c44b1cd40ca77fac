import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../src/core/charset.ts';

/** Bytes of a text in a single-byte encoding, by an inverse table made from its decoder. */
const require = createRequire(import.meta.url);
const { TextDecoder: Decoder } = require('@exodus/bytes/encoding.js') as { TextDecoder: typeof TextDecoder };
function encode(encoding: string, text: string): Uint8Array {
  const decoder = new Decoder(encoding);
  const table = new Map<string, number>();
  for (let byte = 255; byte >= 0; byte--) table.set(decoder.decode(Uint8Array.of(byte)), byte);
  return Uint8Array.from([...text], (char) => {
    const byte = table.get(char);
    if (byte === undefined) throw new Error(`${encoding} has no ${char}`);
    return byte;
  });
}
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const page = (head: string, prose: string): string =>
  `<!doctype html><html><head>${head}<title>x</title></head><body>${`<p>${prose}</p>`.repeat(8)}</body></html>`;

const RUSSIAN = 'Городской совет принял новый бюджет. Депутаты спорили до поздней ночи, объявил председатель.';
const FRENCH =
  'Le conseil a adopté le budget où figurent les écoles ; la séance s’est achevée très tard à l’hôtel de ville.';
const POLISH = 'Rada miasta uchwaliła nowy budżet, a posiedzenie skończyło się późną nocą, powiedział przewodniczący.';
const GREEK = 'Το δημοτικό συμβούλιο ενέκρινε τον νέο προϋπολογισμό μετά από πολύωρη συζήτηση.';

describe('decodeText: evidence is heard in order', () => {
  const russian = encode('windows-1251', page('', RUSSIAN));

  it('takes the header before the meta element', () => {
    const bytes = encode('windows-1251', page('<meta charset="koi8-r">', RUSSIAN));
    const { text, charset } = decodeText(bytes, { contentType: 'text/html; charset=windows-1251' });
    expect(charset).toEqual({ used: 'windows-1251', declared: 'windows-1251', how: 'header' });
    expect(text).toContain(RUSSIAN);
  });

  it('takes a BOM before the header, and leaves it out of the text', () => {
    const bytes = join(Uint8Array.of(0xef, 0xbb, 0xbf), utf8(FRENCH));
    const { text, charset } = decodeText(bytes, { contentType: 'text/html; charset=windows-1252' });
    expect(charset).toEqual({ used: 'utf-8', declared: 'utf-8', how: 'bom' });
    expect(text).toBe(FRENCH);
  });

  it.each([
    ['utf-16le', [0xff, 0xfe]],
    ['utf-16be', [0xfe, 0xff]],
  ] as const)('reads %s by its BOM', (used, bom) => {
    const le = Buffer.from(RUSSIAN, 'utf16le');
    const body = used === 'utf-16le' ? le : Buffer.from(le).swap16();
    const { text, charset } = decodeText(join(Uint8Array.from(bom), body));
    expect(charset).toEqual({ used, declared: used, how: 'bom' });
    expect(text).toBe(RUSSIAN);
  });

  it.each(['utf-16le', 'utf-16be'] as const)('sees %s without a BOM by its zeros, whatever is declared', (used) => {
    const le = Buffer.from(page('', RUSSIAN), 'utf16le');
    const body = used === 'utf-16le' ? le : Buffer.from(le).swap16();
    expect(decodeText(body).charset).toEqual({ used, how: 'detected' });
    const { text, charset } = decodeText(body, { contentType: 'text/html;charset=utf-8' });
    expect(charset).toEqual({ used, declared: 'utf-8', how: 'detected', lie: true });
    expect(text).toContain(RUSSIAN);
  });

  it.each([
    '<meta charset="windows-1251">',
    "<META CHARSET='cp1251' />",
    '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
    '<meta content="text/html; charset=windows-1251" http-equiv=content-type>',
    '<!-- <meta charset="utf-8"> --><meta charset="windows-1251">',
    `<script>${'x'.repeat(3000)}</script><meta charset="windows-1251">`,
  ])('finds %s', (meta) => {
    const { text, charset } = decodeText(encode('windows-1251', page(meta, RUSSIAN)), { contentType: 'text/html' });
    expect(charset).toEqual({ used: 'windows-1251', declared: 'windows-1251', how: 'meta' });
    expect(text).toContain(RUSSIAN);
  });

  it('does not look for meta in plain text', () => {
    const bytes = encode('windows-1251', page('<meta charset="koi8-r">', RUSSIAN));
    expect(decodeText(bytes, { contentType: 'text/plain' }).charset).toEqual({ used: 'windows-1251', how: 'detected' });
  });

  it('takes the XML declaration where nothing else speaks', () => {
    const bytes = encode('iso-8859-2', `<?xml version="1.0" encoding="ISO-8859-2"?>${page('', POLISH)}`);
    const { text, charset } = decodeText(bytes);
    expect(charset).toEqual({ used: 'iso-8859-2', declared: 'iso-8859-2', how: 'xml' });
    expect(text).toContain(POLISH);
  });

  it('detects where nothing is declared', () => {
    const { text, charset } = decodeText(russian);
    expect(charset).toEqual({ used: 'windows-1251', how: 'detected' });
    expect(text).toContain(RUSSIAN);
  });

  it.each(['none', 'utf', 'x-unknown', ''])('goes on to the next evidence after the unknown label "%s"', (label) => {
    const bytes = encode('windows-1251', page('<meta charset="windows-1251">', RUSSIAN));
    const { charset } = decodeText(bytes, { contentType: `text/html; charset="${label}"` });
    expect(charset).toEqual({ used: 'windows-1251', declared: label, how: 'meta' });
  });

  it('defaults to UTF-8 for ASCII and for nothing at all', () => {
    expect(decodeText(utf8('plain'))).toEqual({ text: 'plain', charset: { used: 'utf-8', how: 'default' } });
    expect(decodeText(new Uint8Array(0))).toEqual({ text: '', charset: { used: 'utf-8', how: 'default' } });
  });

  it('names undeclared UTF-8 as detected', () => {
    expect(decodeText(utf8(GREEK))).toEqual({ text: GREEK, charset: { used: 'utf-8', how: 'detected' } });
  });

  it.each(['text/html;charset=UTF-8', 'text/html; charset="utf8"', "text/html; x=y; Charset = 'utf-8'"])(
    'reads the header %s',
    (contentType) => {
      expect(decodeText(utf8(GREEK), { contentType }).charset).toEqual({
        used: 'utf-8',
        declared: 'utf-8',
        how: 'header',
      });
    },
  );
});

describe('decodeText: lies are caught', () => {
  it('reads declared UTF-8 that is windows-1251 as its meta says', () => {
    const bytes = encode('windows-1251', page('<meta charset="windows-1251">', RUSSIAN));
    const { text, charset } = decodeText(bytes, { contentType: 'text/html; charset=utf-8' });
    expect(charset).toEqual({ used: 'windows-1251', declared: 'utf-8', how: 'meta', lie: true });
    expect(text).toContain(RUSSIAN);
  });

  it.each([
    ['windows-1251', RUSSIAN],
    ['windows-1252', FRENCH],
    ['koi8-r', RUSSIAN],
    ['iso-8859-7', GREEK],
  ])('detects %s where header and meta both claim UTF-8', (encoding, prose) => {
    const bytes = encode(encoding, page('<meta charset="utf-8">', prose));
    const { text, charset } = decodeText(bytes, { contentType: 'text/html; charset=utf-8' });
    expect(charset).toMatchObject({ declared: 'utf-8', how: 'detected', lie: true });
    expect(text).toContain(prose);
  });

  it.each(['windows-1252', 'iso-8859-1', 'windows-1251', 'shift_jis', 'gb2312'])(
    'reads UTF-8 that is declared %s as UTF-8',
    (declared) => {
      const { text, charset } = decodeText(utf8(page('', FRENCH)), { contentType: `text/html; charset=${declared}` });
      expect(charset).toMatchObject({ used: 'utf-8', how: 'detected', lie: true });
      expect(text).toContain(FRENCH);
    },
  );

  it('reads one © of UTF-8 in a page declared iso-8859-1', () => {
    const { text, charset } = decodeText(utf8('<p>Copyright © 2024'), { contentType: 'text/html; charset=iso-8859-1' });
    expect(text).toBe('<p>Copyright © 2024');
    expect(charset).toEqual({ used: 'utf-8', declared: 'windows-1252', how: 'detected', lie: true });
  });

  it('believes a true windows-1252 page', () => {
    const bytes = encode('windows-1252', page('', FRENCH));
    const { text, charset } = decodeText(bytes, { contentType: 'text/html; charset=ISO-8859-1' });
    expect(charset).toEqual({ used: 'windows-1252', declared: 'windows-1252', how: 'header' });
    expect(text).toContain('s’est');
  });

  it('reads a page declared UTF-16 that has no zero in it as what it is', () => {
    const { text, charset } = decodeText(utf8(FRENCH), { contentType: 'text/html; charset=utf-16' });
    expect(text).toBe(FRENCH);
    expect(charset).toEqual({ used: 'utf-8', declared: 'utf-16le', how: 'detected', lie: true });
  });
});

describe('decodeText: UTF-8 with a scratch stays UTF-8', () => {
  const headers = { contentType: 'text/html; charset=utf-8' };

  it('that is cut in the middle of a character', () => {
    for (const prose of ['новый бюджет', 'νέο προϋπολογισμό', '新しい予算', 'nothing but ASCII, then 😀']) {
      const bytes = utf8(`<p>${prose}`);
      const { text, charset } = decodeText(bytes.subarray(0, -1), headers);
      expect(charset).toEqual({ used: 'utf-8', declared: 'utf-8', how: 'header' });
      expect(text.endsWith('\ufffd')).toBe(true);
    }
  });

  it('that has one bad byte in 100 KB, even of ASCII', () => {
    for (const prose of [FRENCH, 'The council adopted the budget late at night.']) {
      const bytes = join(utf8(prose.repeat(1200)), Uint8Array.of(0x92), utf8(prose.repeat(1200)));
      const { text, charset } = decodeText(bytes, headers);
      expect(charset.used).toBe('utf-8');
      expect(charset.lie).toBeUndefined();
      expect(text).toBe(`${prose.repeat(1200)}\ufffd${prose.repeat(1200)}`);
    }
  });

  it('that holds an advertisement in another encoding', () => {
    const bytes = join(utf8(page('', RUSSIAN)), encode('windows-1251', 'Купите сейчас'), utf8(RUSSIAN));
    const { text, charset } = decodeText(bytes, headers);
    expect(charset).toEqual({ used: 'utf-8', declared: 'utf-8', how: 'header' });
    expect(text).toContain(RUSSIAN);
    expect(decodeText(bytes).charset).toEqual({ used: 'utf-8', how: 'detected' });
  });

  it('but a short page whose accents are all bare bytes does not', () => {
    const { text, charset } = decodeText(encode('windows-1252', `<p>${FRENCH}</p>`), headers);
    expect(charset).toMatchObject({ used: 'windows-1252', lie: true });
    expect(text).toContain('adopté');
  });
});

describe('decodeText: legacy encodings are decoded as the Encoding Standard has it', () => {
  it.each([
    ['windows-1252', [0x80, 0x93, 0x94, 0x99, 0x8d], '€“”™\u008d'],
    ['shift_jis', [0x83, 0x65, 0x83, 0x58, 0x83, 0x67], 'テスト'],
    ['euc-jp', [0xa5, 0xc6, 0xa5, 0xb9, 0xa5, 0xc8], 'テスト'],
    ['gb18030', [0xb2, 0xe2, 0xca, 0xd4, 0x81, 0x39, 0xee, 0x39], '测试㐀'],
    ['big5', [0xb4, 0xfa, 0xb8, 0xd5], '測試'],
    ['euc-kr', [0xc5, 0xd7, 0xbd, 0xba, 0xc6, 0xae], '테스트'],
    ['iso-2022-jp', [0x1b, 0x24, 0x42, 0x25, 0x46, 0x1b, 0x28, 0x42, 0x61], 'テa'],
    ['windows-874', [0xb7, 0xb4, 0xca, 0xcd, 0xba], 'ทดสอบ'],
    ['windows-1255', [0xf9, 0xec, 0xe5, 0xed], 'שלום'],
    ['windows-1256', [0xe3, 0xd1, 0xcd, 0xc8, 0xc7], 'مرحبا'],
    ['macintosh', [0x8e, 0xd2, 0xd3], 'é“”'],
    ['iso-8859-15', [0xa4, 0xbd], '€œ'],
  ] as const)('%s', (charset, bytes, text) => {
    const decoded = decodeText(Uint8Array.from(bytes), { contentType: `text/html; charset=${charset}` });
    expect(decoded).toEqual({ text, charset: { used: charset, declared: charset, how: 'header' } });
  });

  it('does not decode what browsers refuse to', () => {
    const { charset } = decodeText(utf8('<p>é é é é é'), { contentType: 'text/html; charset=iso-2022-kr' });
    expect(charset).toEqual({ used: 'utf-8', declared: 'iso-2022-kr', how: 'detected' });
  });
});

describe('decodeText: any bytes', () => {
  const contentTypes = [
    undefined,
    'text/html',
    'text/html; charset=utf-8',
    'text/html;charset=gbk',
    'text/plain; charset=x',
  ];

  it('never throws, and leaves no byte order mark', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...contentTypes), (bytes, contentType) => {
        const { text, charset } = decodeText(bytes, { contentType });
        expect(text.startsWith('\ufeff')).toBe(text.startsWith('\ufeff') && bytes.length > 3 && charset.how === 'bom');
        expect(charset.used).toMatch(/^[a-z0-9_-]+$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives back any text that was UTF-8', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.constantFrom(...contentTypes.slice(0, 3)),
        (text, contentType) => {
          fc.pre(!text.startsWith('\ufeff') && !text.includes('\0') && !text.includes('\u001b'));
          expect(decodeText(utf8(text), { contentType }).text).toBe(text);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    '<meta content="charset">',
    '<meta http-equiv=content-type content=charset',
    '<meta charset=',
    '<meta charset',
    '<meta '.repeat(11_000),
    '<?xml encoding="',
    `<?xml ${' '.repeat(60_000)}`,
  ])('bears broken declarations (%#)', (markup) => {
    const { text } = decodeText(join(utf8(markup), Uint8Array.of(0xe9)));
    expect(text).toBe(`${markup}é`);
  });

  it('reads a view into a larger buffer', () => {
    const whole = join(utf8('left'), utf8(GREEK), utf8('right'));
    const view = new Uint8Array(whole.buffer, 4, whole.length - 9);
    expect(decodeText(view, { contentType: 'text/html; charset=utf-8' }).text).toBe(GREEK);
  });
});

/** Runs the module by itself and tells which packages it loaded and what it printed on stderr. */
function loaded(contentType: string, html: string): { packages: string[]; stderr: string } {
  const source = new URL('../../../src/core/charset.ts', import.meta.url).href;
  const script = `
    const { decodeText } = await import(${JSON.stringify(source)});
    decodeText(Buffer.from(${JSON.stringify(Buffer.from(html).toString('base64'))}, 'base64'), { contentType: ${JSON.stringify(contentType)} });
    const { createRequire } = await import('node:module');
    const require = createRequire(${JSON.stringify(source)});
    const names = ['chardet', 'html-encoding-sniffer', '@exodus/bytes/encoding.js'].filter((name) => require.cache[require.resolve(name)]);
    console.log(JSON.stringify(names));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    cwd: new URL('../../..', import.meta.url),
  });
  return { packages: JSON.parse(stdout) as string[], stderr };
}

describe('decodeText: what it costs', () => {
  it('loads no table for UTF-8, by header, by meta or undeclared', () => {
    expect(loaded('text/html; charset=utf-8', page('', FRENCH)).packages).toEqual([]);
    expect(loaded('text/html', page('<meta charset="utf-8">', FRENCH)).packages).toEqual([]);
    expect(
      loaded('', page('<meta http-equiv="Content-Type" content="text/html; charset=utf-8"/>', FRENCH)).packages,
    ).toEqual([]);
    expect(loaded('', FRENCH).packages).toEqual([]);
  });

  it('loads them for a legacy page, without a warning', () => {
    const { packages, stderr } = loaded('text/html', page('<meta charset="windows-1251">', 'x'));
    expect(packages).toContain('html-encoding-sniffer');
    expect(stderr).toBe('');
  });
});
