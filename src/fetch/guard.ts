/**
 * Which addresses may be talked to. A page on the open web, or a redirect, must never make us knock at the inside of the
 * network we run in, so only global unicast passes and the operator names the exceptions.
 */
import ipaddr from 'ipaddr.js';
import { TearsheetError } from '../core/errors.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [address: Address, prefixBits: number];

export interface Guard {
  /** Why the address (a literal without brackets) may not be connected to; null where it may. */
  refusal(address: string): string | null;
}

/** Public by its range, yet the inside of a cloud: Azure's wire server. The other clouds' metadata addresses lie in special ranges. */
const METADATA = ipaddr.parseCIDR('168.63.129.16/32');
/** All that IANA has given out as global unicast; ipaddr.js calls the unassigned rest unicast too, `::127.0.0.1` included. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');
/** IPv6 ranges that carry an IPv4 address, and at which byte: RFC 4291 §2.5.5, RFC 6052 §2.1, RFC 6145 §2.2, RFC 3056 §2. */
const CARRIERS = [
  { name: 'IPv4-mapped', range: ipaddr.parseCIDR('::ffff:0:0/96'), atByte: 12 },
  { name: 'IPv4-compatible', range: ipaddr.parseCIDR('::/96'), atByte: 12 },
  { name: 'IPv4-translated', range: ipaddr.parseCIDR('::ffff:0:0:0/96'), atByte: 12 },
  { name: 'NAT64', range: ipaddr.parseCIDR('64:ff9b::/96'), atByte: 12 },
  { name: '6to4', range: ipaddr.parseCIDR('2002::/16'), atByte: 2 },
] as const;

const within = (address: Address, [network, prefixBits]: Range): boolean =>
  address.kind() === network.kind() && address.match(network as never, prefixBits);

/** Throws `E_CONFIG_INVALID` for what is neither an address nor a CIDR range. */
function parseRange(text: string): Range {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch (cause) {
    const message = `allowAddresses: expected an address or CIDR range such as 127.0.0.1/32, got "${text}"; mend the setting or --allow-address`;
    throw new TearsheetError('E_CONFIG_INVALID', message, { cause });
  }
}

/**
 * @param allowAddresses addresses and CIDR ranges to let through although they are not global unicast. A range no longer
 *   than the prefix of a range that carries IPv4 (all of NAT64, say) leaves the carried address to be checked by itself.
 * Throws `E_CONFIG_INVALID`.
 */
export function createGuard(allowAddresses: readonly string[]): Guard {
  const allowed = allowAddresses.map(parseRange);

  const refusalOf = (address: Address): string | null => {
    const exceptions = allowed.filter((range) => within(address, range));
    const kind = address.range();
    // `::` and `::1` lie in the IPv4-compatible range and carry nothing.
    const isPlain = kind === 'unspecified' || kind === 'loopback';
    const carrier = isPlain ? undefined : CARRIERS.find(({ range }) => within(address, range));
    if (carrier !== undefined && exceptions.length > 0) {
      if (exceptions.some(([, prefixBits]) => prefixBits > carrier.range[1])) return null;
      const carried = ipaddr.fromByteArray(address.toByteArray().slice(carrier.atByte, carrier.atByte + 4));
      const why = refusalOf(carried);
      return why === null ? null : `${carrier.name} of ${carried.toString()}, ${why}`;
    }
    if (exceptions.length > 0) return null;
    if (carrier !== undefined) return carrier.name;
    if (within(address, METADATA)) return 'metadata service of a cloud';
    if (kind !== 'unicast') return kind;
    return address.kind() === 'ipv4' || within(address, GLOBAL_UNICAST) ? null : 'not global unicast';
  };

  return {
    refusal(text) {
      if (!ipaddr.isValid(text) || text.includes('%')) return 'not an address without a zone';
      // "127.1" is valid to ipaddr.js, yet whoever connects may read it otherwise: only one spelling is safe to check.
      const address = ipaddr.parse(text);
      if (address.kind() === 'ipv4' && address.toString() !== text) return 'an odd spelling';
      return refusalOf(address);
    },
  };
}
