import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGuard } from '../../../src/fetch/guard.ts';

const strict = createGuard([]);
const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');

describe('refusal: what is not global unicast is refused', () => {
  it.each([
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['10.0.0.1', 'private'],
    ['10.255.255.255', 'private'],
    ['100.64.0.1', 'carrierGradeNat'],
    ['100.100.100.200', 'carrierGradeNat'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['168.63.129.16', 'metadata service of a cloud'],
    ['169.254.169.254', 'linkLocal'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.192', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['192.168.1.1', 'private'],
    ['198.18.0.1', 'reserved'],
    ['198.51.100.7', 'reserved'],
    ['203.0.113.7', 'reserved'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.250', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::7f00:1', 'IPv4-compatible'],
    ['::ffff:127.0.0.1', 'IPv4-mapped'],
    ['::ffff:8.8.8.8', 'IPv4-mapped'],
    ['::ffff:0:127.0.0.1', 'IPv4-translated'],
    ['64:ff9b::127.0.0.1', 'NAT64'],
    ['64:ff9b::8.8.8.8', 'NAT64'],
    ['64:ff9b:1::1', 'rfc6052'],
    ['100::1', 'discard'],
    ['2001::1', 'teredo'],
    ['2001:db8::1', 'reserved'],
    ['2002:7f00:1::', '6to4'],
    ['3fff::1', 'reserved'],
    ['4000::1', 'not global unicast'],
    ['fc00::1', 'uniqueLocal'],
    ['fd00:ec2::254', 'uniqueLocal'],
    ['fe80::1', 'linkLocal'],
    ['fec0::1', 'deprecatedSiteLocal'],
    ['ff02::1', 'multicast'],
  ])('%s is %s', (address, why) => {
    expect(strict.refusal(address)).toBe(why);
  });

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.0.1',
    '172.32.0.1',
    '2606:4700::1111',
    '2a00::1',
  ])('lets %s through', (address) => {
    expect(strict.refusal(address)).toBeNull();
  });

  it.each([
    '',
    'localhost',
    '127.1',
    '0x7f000001',
    '017700000001',
    '2130706433',
    'fe80::1%eth0',
    '8.8.8.8/32',
    '[2a00::1]',
  ])('refuses "%s", which is not the one spelling of an address', (text) => {
    expect(strict.refusal(text)).not.toBeNull();
  });
});

describe('refusal: the operator names the exceptions', () => {
  const loopback = createGuard(['127.0.0.1/32', '127.0.1.0/24']);

  it('lets through what a range covers, and its neighbours not', () => {
    expect(loopback.refusal('127.0.0.1')).toBeNull();
    expect(loopback.refusal('127.0.1.77')).toBeNull();
    expect(loopback.refusal('127.0.0.2')).toBe('loopback');
    expect(loopback.refusal('127.0.2.1')).toBe('loopback');
    expect(loopback.refusal('10.0.0.1')).toBe('private');
  });

  it('takes a single address for a range of one', () => {
    const guard = createGuard(['10.1.2.3', '::1']);
    expect(guard.refusal('10.1.2.3')).toBeNull();
    expect(guard.refusal('10.1.2.4')).toBe('private');
    expect(guard.refusal('::1')).toBeNull();
  });

  it('does not let an IPv4 exception open an IPv6 range that carries IPv4', () => {
    expect(loopback.refusal('::ffff:127.0.0.1')).toBe('IPv4-mapped');
    expect(loopback.refusal('64:ff9b::127.0.0.1')).toBe('NAT64');
  });

  it('checks the carried address where all of the carrying range is let through', () => {
    const guard = createGuard(['64:ff9b::/96', '2002::/16', '::ffff:0:0/96']);
    expect(guard.refusal('64:ff9b::8.8.8.8')).toBeNull();
    expect(guard.refusal('64:ff9b::10.0.0.1')).toBe('NAT64 of 10.0.0.1, private');
    expect(guard.refusal('2002:a00:1::1')).toBe('6to4 of 10.0.0.1, private');
    expect(guard.refusal('::ffff:169.254.169.254')).toBe('IPv4-mapped of 169.254.169.254, linkLocal');
  });

  it('takes a range that names the carried addresses themselves at its word', () => {
    expect(createGuard(['::ffff:127.0.0.0/104']).refusal('::ffff:127.0.0.1')).toBeNull();
  });

  it.each(['127.0.0.1/33', 'loopback', '', '::1/129', '10.0.0.0/x'])('refuses "%s" as a range', (text) => {
    expect(() => createGuard([text])).toThrow(expect.objectContaining({ code: 'E_CONFIG_INVALID' }));
  });
});

describe('odd spellings in URLs', () => {
  it.each([
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0x7F.0x0.0x0.0x1',
    '017700000001',
    '0177.0.0.01',
    '127.0.0.1.',
    '１２７.０.０.１',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
  ])('http://%s/ comes out of URL as an address that is refused', (host) => {
    const { hostname } = new URL(`http://${host}/`);
    expect(strict.refusal(hostname.replace(/^\[|\]$/g, ''))).not.toBeNull();
  });
});

describe('refusal holds over all of IPv4', () => {
  /** Written out again from the IANA special-purpose registry, so that a slip in one of the two shows. */
  const special: [number, number][] = (
    [
      ['0.0.0.0', 8],
      ['10.0.0.0', 8],
      ['100.64.0.0', 10],
      ['127.0.0.0', 8],
      ['169.254.0.0', 16],
      ['172.16.0.0', 12],
      ['192.0.0.0', 24],
      ['192.0.2.0', 24],
      ['192.31.196.0', 24],
      ['192.52.193.0', 24],
      ['192.88.99.0', 24],
      ['192.168.0.0', 16],
      ['192.175.48.0', 24],
      ['198.18.0.0', 15],
      ['198.51.100.0', 24],
      ['203.0.113.0', 24],
      ['224.0.0.0', 3],
      ['168.63.129.16', 32],
    ] as const
  ).map(([text, bits]) => [text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), 2 ** (32 - bits)]);
  const isSpecial = (value: number) => special.some(([start, size]) => value >= start && value < start + size);

  it('agrees with the registry', () => {
    const edges = special.flatMap(([start, size]) => [start - 1, start, start + size - 1, start + size]);
    for (const edge of edges.filter((value) => value >= 0 && value < 2 ** 32)) {
      expect([dotted(edge), strict.refusal(dotted(edge)) !== null]).toEqual([dotted(edge), isSpecial(edge)]);
    }
    fc.assert(
      fc.property(fc.nat(0xffffffff), (value) => (strict.refusal(dotted(value)) !== null) === isSpecial(value)),
      { numRuns: 3000 },
    );
  });
});
