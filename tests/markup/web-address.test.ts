import { expect, test } from 'bun:test'
import { isWebAddress, withoutScheme } from '../../views/ui/web-address.ts'

test.each([
  ['https://shop.example/', 'shop.example'],
  ['HTTP://shop.example/basket', 'shop.example/basket'],
  ['https://search.example/?q=%D0%B2%D0%BE%D0%B4%D0%B0', 'search.example/?q=вода'],
  ['https://shop.example/%C5%BC%C3%B3%C5%82w', 'shop.example/żółw'],
])('the address %s is read as %s', (address, read) => {
  expect(withoutScheme(address)).toBe(read)
})

test.each([
  ['half a letter', 'shop.example/%D0'],
  ['a turn of the direction', 'shop.example/%E2%80%AEgpj.exe'],
  ['a space', 'shop.example/a%20b'],
  ['a line', 'shop.example/a%0Ab'],
  ['what would be another address', 'shop.example/%2F%3F%23'],
])('what an address hides stays written out: %s', (_, address) => {
  expect(withoutScheme(`https://${address}`)).toBe(address)
})

test('only pages of the web are followed', () => {
  expect(
    ['https://a.example', 'HTTP://a.example', 'javascript:alert(1)', ' https://a.example'].map(isWebAddress),
  ).toEqual([true, true, false, false])
})
