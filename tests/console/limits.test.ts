import { expect, test } from 'bun:test'
import { clientIp, createLimiter } from '../../src/platform/http/limits.ts'

function asked(peer: string, forwarded?: string) {
  const request = new Request('http://kontuar.test/', forwarded ? { headers: { 'x-forwarded-for': forwarded } } : {})
  return [request, { requestIP: () => ({ address: peer }) }] as const
}

test('a bucket gives its burst at once, then refuses and says when to come again', () => {
  let at = 0
  const limiter = createLimiter({ perSecond: 2, burst: 3, now: () => at })
  for (let i = 0; i < 3; i++) expect(limiter.take('boris').ok).toBe(true)
  expect(limiter.take('boris')).toEqual({ ok: false, retryAfterMs: 500 })
  expect(limiter.take('anna').ok).toBe(true)
  at = 500
  expect(limiter.take('boris').ok).toBe(true)
  expect(limiter.take('boris').ok).toBe(false)
})

test('a flood of invented keys does not grow the memory without end', () => {
  const limiter = createLimiter({ perSecond: 1, burst: 1, maxKeys: 2, now: () => 0 })
  limiter.take('a')
  limiter.take('b')
  limiter.take('c')
  expect(limiter.take('c').ok).toBe(false)
  expect(limiter.take('a').ok).toBe(true)
})

test('X-Forwarded-For counts only from a trusted proxy, the rightmost untrusted address', () => {
  const trusted = ['loopback', '10.0.0.0/8']
  expect(clientIp(...asked('198.51.100.7', '203.0.113.9'), trusted)).toBe('198.51.100.7')
  expect(clientIp(...asked('127.0.0.1', '203.0.113.9'), trusted)).toBe('203.0.113.9')
  expect(clientIp(...asked('::ffff:127.0.0.1', '6.6.6.6, 203.0.113.9, 10.1.2.3'), trusted)).toBe('203.0.113.9')
  expect(clientIp(...asked('127.0.0.1', '203.0.113.9, lies'), trusted)).toBe('127.0.0.1')
  expect(clientIp(...asked('127.0.0.1', '203.0.113.9'), [])).toBe('127.0.0.1')
})

test('an IPv6 address is limited by its /64', () => {
  expect(clientIp(...asked('2001:db8:1:2:3:4:5:6'), [])).toBe('2001:db8:1:2::/64')
  expect(clientIp(...asked('2001:db8::1'), [])).toBe('2001:db8:0:0::/64')
  expect(clientIp(...asked('127.0.0.1', '[2001:DB8:0001:2::9]:443'), ['loopback'])).toBe('2001:db8:1:2::/64')
  expect(clientIp(...asked('::1'), [])).toBe('0:0:0:0::/64')
})
