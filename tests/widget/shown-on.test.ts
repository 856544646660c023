import { expect, test } from 'bun:test'
import { deviceOf, shownOn } from '../../views/widget/shown-on.ts'
import { leastWorkMs } from '../support/work.ts'

const at = (address: string) => {
  const { pathname, search, hash } = new URL(address, 'https://shop.test')
  return { pathname, search, hash }
}

test.each([
  ['/cart', '/cart', true],
  ['/cart', '/cart/', true],
  ['/cart/', '/cart', false],
  ['/cart', '/cart/pay', false],
  ['/cart', '/my-cart', false],
  ['/cart*', '/cart/pay', true],
  ['/cart*', '/cart', true],
  ['*/help', '/en/help', true],
  ['*/help', '/en/help/more', false],
  ['/*/item/*', '/water/item/19', true],
  ['/*/item/*', '/water/items/19', false],
  ['/a*a', '/a', false],
  ['*', '/', true],
  ['/a.c', '/abc', false],
  ['/корзина*', '/корзина/оплата', true],
  ['/cart*', '/%E0%A4%A', false],
  ['/search?q=*', '/search?q=water', true],
  ['/search', '/search?q=water', true],
  ['/#/cart', '/#/cart', true],
  ['/#/cart', '/', false],
])('the pattern %s and the page %s', (pattern, page, fits) => {
  expect(shownOn({ show: 'only', paths: [pattern] }, at(page))).toBe(fits)
  expect(shownOn({ show: 'except', paths: [pattern] }, at(page))).toBe(!fits)
})

test('no path is every page, and one of several is enough', () => {
  for (const show of ['only', 'except'] as const) expect(shownOn({ show, paths: [] }, at('/x'))).toBe(true)
  expect(shownOn({ show: 'only', paths: ['/a', '/b'] }, at('/b'))).toBe(true)
})

test('a pattern of many stars does not keep the page waiting', () => {
  const pattern = `/${'*a'.repeat(40)}b`
  const fits = () => shownOn({ show: 'only', paths: [pattern] }, at(`/${'a'.repeat(2000)}`))
  expect(fits()).toBe(false)
  expect(leastWorkMs(fits)).toBeLessThan(50)
})

test.each([
  ['desktop', ''],
  ['desktop', '(max-width:600px),(max-height:500px)'],
  ['tablet', '(pointer:coarse)'],
  ['phone', '(pointer:coarse) (max-width:600px),(max-height:500px)'],
])('a %s is told by its pointer and its size', (device, true_) => {
  expect(deviceOf((query) => true_.includes(query)) as string).toBe(device)
})
