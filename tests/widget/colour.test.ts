import { expect, test } from 'bun:test'
import { contrast, fillOf, paletteOf } from '../../views/widget/colour.ts'

const themes = ['light', 'dark'] as const
const surfaces = { light: '#ffffff', dark: '#21201e' }
const inks = { light: '#1d1b19', dark: '#e9e8e5' }

/** 5,832 colours, all over the cube. */
const everyColour = Array.from({ length: 18 ** 3 }, (_, n) =>
  [Math.floor(n / 324), Math.floor(n / 18) % 18, n % 18].reduce(
    (hex, one) => hex + (one * 15).toString(16).padStart(2, '0'),
    '#',
  ),
)

test('contrast is computed as WCAG 2.2 has it', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(contrast('#ffffff', '#777777')).toBe(contrast('#777777', '#ffffff'))
})

test.each(themes)('whatever colour a shop picks, every text has AA contrast: %s', (theme) => {
  const lowest: Record<string, number> = {}
  for (const colour of everyColour) {
    const { site, onSite, soft, text } = paletteOf(colour, theme)
    const pairs = {
      onSite: [onSite, site],
      text: [text, surfaces[theme]],
      onSoft: [text, soft],
      ink: [inks[theme], soft],
    }
    for (const [name, [one = '', other = '']] of Object.entries(pairs)) {
      lowest[name] = Math.min(lowest[name] ?? 21, contrast(one, other))
    }
  }
  for (const value of Object.values(lowest)) expect(value).toBeGreaterThanOrEqual(4.5)
})

test('on a dark page the button stands out, whatever its colour', () => {
  const lowest = Math.min(...everyColour.map((colour) => contrast(fillOf(colour, 'dark').site, surfaces.dark)))
  expect(lowest).toBeGreaterThanOrEqual(3)
})

test.each(themes)('the edge of what waits to be sent can be seen, whatever the colour: %s', (theme) => {
  const lowest = Math.min(...everyColour.map((colour) => contrast(paletteOf(colour, theme).line, surfaces[theme])))
  expect(lowest).toBeGreaterThanOrEqual(1.9)
})

test('the shop’s own colour is left alone where it may be', () => {
  expect(paletteOf('#0b6a70', 'light')).toMatchObject({ site: '#0b6a70', onSite: '#ffffff', text: '#0b6a70' })
  expect(paletteOf('#ffee88', 'light')).toMatchObject({ site: '#ffee88', onSite: '#000000' })
  expect(paletteOf('#ffee88', 'dark')).toMatchObject({ site: '#ffee88', text: '#ffee88' })
})
