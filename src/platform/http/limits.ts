import { BlockList, isIP } from 'node:net'

export type Taken = { ok: true } | { ok: false; retryAfterMs: number }
export type Limiter = { take(key: string, n?: number): Taken; forget(key: string): void }
export type LimiterOptions = { perSecond: number; burst: number; maxKeys?: number; now?: () => number }

/**
 * A token bucket for each key: `burst` at once, then `perSecond` a second. At most `maxKeys` buckets are kept;
 * the one longest unused goes first, so that a flood of invented keys costs a bounded amount of memory.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { perSecond, burst, maxKeys = 50_000, now = () => performance.now() } = options
  const buckets = new Map<string, { tokens: number; at: number }>()

  function take(key: string, n = 1): Taken {
    const at = now()
    const bucket = buckets.get(key)
    const tokens = bucket ? Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * perSecond) : burst
    const ok = tokens >= n
    buckets.delete(key)
    buckets.set(key, { tokens: ok ? tokens - n : tokens, at })
    if (buckets.size > maxKeys) dropOldest()
    return ok ? { ok } : { ok, retryAfterMs: Math.ceil(((n - tokens) / perSecond) * 1000) }
  }

  function dropOldest() {
    const oldest = buckets.keys().next()
    if (!oldest.done) buckets.delete(oldest.value)
  }

  return { take, forget: (key) => void buckets.delete(key) }
}

/** For `--no-limits`: says yes to everything. */
export const noLimit: Limiter = { take: () => ({ ok: true }), forget: () => undefined }

type AddressSource = { requestIP(request: Request): { address: string } | null }

/**
 * Whose request this is, as a key to limit by: an IPv4 address, or the /64 of an IPv6 address, because one household
 * or one attacker holds the whole /64. X-Forwarded-For counts only while it was written by a trusted proxy: the answer
 * is the rightmost address that is not one.
 *
 * @param trustedProxies addresses and CIDR ranges; the word `loopback` stands for 127.0.0.0/8 and ::1
 */
export function clientIp(request: Request, server: AddressSource | null, trustedProxies: readonly string[]): string {
  const trusted = rangesOf(trustedProxies)
  let ip = plainAddress(server?.requestIP(request)?.address ?? '')
  const forwarded = (request.headers.get('x-forwarded-for') ?? '').split(',').reverse()
  for (const entry of forwarded) {
    if (!contains(trusted, ip)) break
    const next = plainAddress(entry)
    if (!next) break
    ip = next
  }
  return networkOf(ip)
}

/** Whether the peer that the connection comes from may speak for others (X-Forwarded-For, X-Forwarded-Proto). */
export function fromTrustedProxy(
  request: Request,
  server: AddressSource | null,
  trustedProxies: readonly string[],
): boolean {
  return contains(rangesOf(trustedProxies), plainAddress(server?.requestIP(request)?.address ?? ''))
}

const compiled = new WeakMap<readonly string[], BlockList>()

function rangesOf(list: readonly string[]): BlockList {
  const known = compiled.get(list)
  if (known) return known
  const ranges = new BlockList()
  for (const entry of list.flatMap((one) => (one === 'loopback' ? ['127.0.0.0/8', '::1'] : [one]))) {
    const [address = '', bits] = entry.trim().split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (!isIP(address)) continue
    if (bits === undefined) ranges.addAddress(address, family)
    else ranges.addSubnet(address, Number(bits), family)
  }
  compiled.set(list, ranges)
  return ranges
}

function contains(ranges: BlockList, ip: string): boolean {
  const family = isIP(ip)
  return family !== 0 && ranges.check(ip, family === 6 ? 'ipv6' : 'ipv4')
}

/** The bare address of `[::1]:80`, `10.0.0.1:80`, `::ffff:10.0.0.1` or `fe80::1%eth0`; empty when it is none. */
function plainAddress(text: string): string {
  const bare = text
    .trim()
    .replace(/^\[([^\]]*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/, '')
  const family = isIP(bare)
  return family === 6 ? unmapped(bare) : family === 4 ? bare : ''
}

/** The IPv4 address that an IPv6 one stands for (`::ffff:10.0.0.1`, also written `::ffff:a00:1`), or the address itself. */
function unmapped(ip: string): string {
  const canonical = new URL(`http://[${ip}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(canonical) ?? []
  if (!high || !low) return canonical
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [a >> 8, a & 255, b >> 8, b & 255].join('.')
}

function networkOf(ip: string): string {
  if (isIP(ip) !== 6) return ip || 'unknown'
  const [head = '', tail = ''] = ip.split('::')
  const start = head ? head.split(':') : []
  const end = tail ? tail.split(':') : []
  const zeros = Array<string>(Math.max(0, 8 - start.length - end.length)).fill('0')
  const groups = [...start, ...(ip.includes('::') ? zeros : []), ...end]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
