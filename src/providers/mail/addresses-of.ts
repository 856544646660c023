import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { MailTrouble } from './trouble.ts'

// A mail server is often a neighbour, so private addresses are right. These never are one: what clouds answer their machines'
// secrets at is among them.
const never = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  never.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  ['fd00:ec2::', 32],
] as const)
  never.addSubnet(network, bits, 'ipv6')

/** Where a host is, IPv4 first. Throws `MailTrouble`: its name is not known, or nothing there can be a mail server. */
export async function addressesOf(host: string): Promise<string[]> {
  const found = await find(host)
  const usable = found.filter((address) => !isNever(address))
  if (usable.length === 0) throw new MailTrouble('address_forbidden', null)
  return usable.toSorted((a, b) => isIP(a) - isIP(b))
}

async function find(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch (error) {
    const { code } = error as { code?: string }
    throw new MailTrouble(code === 'EAI_AGAIN' || code === 'ETIMEOUT' ? 'name_failed' : 'name_unknown', null)
  }
}

/** Also of an IPv4 address that is written as an IPv6 one. */
function isNever(address: string): boolean {
  if (isIP(address) === 4) return never.check(address, 'ipv4')
  const canonical = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(canonical) ?? []
  if (!high || !low) return never.check(canonical, 'ipv6')
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return never.check([a >> 8, a & 255, b >> 8, b & 255].join('.'), 'ipv4')
}
