import { describe, expect, test } from 'bun:test'
import { catalogues } from '../../src/catalogues/catalogues.ts'
import { type Locale, locales, translator } from '../../src/platform/lib/i18n.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { hueOf } from '../../views/ui/face.ts'
import { type Thing, thingNames, things } from '../../views/console/things.ts'
import { personLabel, thingOf, twinsAmong } from '../../views/console/visitor.ts'

/** An id of this hue and this thing. */
const idOf = (hue: number, thing: Thing): string =>
  `0192f0c1-7a3e-7c55-9d2b-0000${thingNames.indexOf(thing).toString(16).padStart(4, '0')}000${hue - 1}`
const hues = [1, 2, 3, 4, 5, 6, 7, 8]
const everybody = hues.flatMap((hue) => thingNames.map((thing) => idOf(hue, thing)))
const called = (locale: Locale, id: string) => personLabel(translator(locale), { visitorId: id, contact: null })

test('there are at least eight colours and twenty-four things, and an id always means the same ones', () => {
  expect(thingNames.length).toBeGreaterThanOrEqual(24)
  expect(everybody.map(hueOf)).toEqual(hues.flatMap((hue) => thingNames.map(() => hue as 1)))
  expect(everybody.map(thingOf)).toEqual(hues.flatMap(() => thingNames))
  const id = newId()
  expect(called('ru', id)).toBe(called('ru', id))
})

test.each([...locales])('each has a name of its own in %s, with nothing left to fill in', (locale) => {
  const names = everybody.map((id) => called(locale, id))
  expect(new Set(names).size).toBe(everybody.length)
  for (const name of names) expect(name).toMatch(/^\p{Lu}\p{L}+ \p{L}+$/u)
})

test.each([
  ['en', 4, 'kettle', 'Turquoise Kettle'],
  ['ru', 4, 'kettle', 'Бирюзовый чайник'],
  ['ru', 6, 'book', 'Синяя книга'],
  ['ru', 6, 'sun', 'Синее солнце'],
  ['ru', 2, 'crown', 'Золотая корона'],
  ['pl', 4, 'kettle', 'Turkusowy czajnik'],
  ['pl', 6, 'sailboat', 'Niebieska żaglówka'],
  ['pl', 6, 'apple', 'Niebieskie jabłko'],
  ['fr', 4, 'kettle', 'Bouilloire turquoise'],
  ['fr', 3, 'apple', 'Pomme verte'],
  ['fr', 7, 'umbrella', 'Parapluie violet'],
] as const)('in %s colour %i of %s is “%s”', (locale, hue, thing, name) => {
  expect(called(locale, idOf(hue, thing))).toBe(name)
})

test.each(['ru', 'pl'] as const)('the genders of %s are those that the endings say', (locale) => {
  const console: Record<string, string> = catalogues[locale].console
  for (const thing of thingNames) {
    const noun = console[`visitor.thing.${thing}`] ?? ''
    const byEnding = /[аяa]$/.test(noun) ? 'f' : /[оеoe]$/.test(noun) ? 'n' : 'm'
    expect([noun, console[`visitor.gender.${thing}`]]).toEqual([noun, byEnding])
  }
})

test('those who are called alike in one list are told apart; the known and the others are not numbered', () => {
  const [one, two, other] = [idOf(1, 'key'), idOf(1, 'key').replace('0192f0c1', '0192f0ff'), idOf(2, 'key')]
  // The end of an id holds hue and thing alone in these; real ones differ in it.
  const first = { visitorId: one.replace('0000', 'aaaa'), contact: null }
  const second = { visitorId: two, contact: null }
  const known = {
    visitorId: two.replace('0192', '0193'),
    contact: { id: newId(), name: 'Boris', email: null, phone: null },
  }
  const twins = twinsAmong([first, second, { visitorId: other, contact: null }, known])
  expect([...twins].toSorted()).toEqual([first.visitorId, second.visitorId].toSorted())
  const t = translator('en')
  expect(personLabel(t, { ...first, twin: true })).toMatch(/^Amber Key [0-9A-F]{4}$/)
  expect(personLabel(t, known)).toBe('Boris')
})

describe('an avatar', () => {
  const path = new URL('../../public/console/parts.css', import.meta.url)

  test('can be read in either theme: its letters and things have the contrast of AA in every hue', async () => {
    const css = await Bun.file(path).text()
    const pair = (property: string) => {
      const [, ...numbers] =
        new RegExp(
          `\\.avatar \\{[^}]*?[\\s;]${property}: light-dark\\(oklch\\(([\\d.]+) ([\\d.]+) var\\(--hue\\)\\), oklch\\(([\\d.]+) ([\\d.]+) var`,
        ).exec(css) ?? []
      const [l = 0, c = 0, darkL = 0, darkC = 0] = numbers.map(Number)
      return { light: [l, c] as const, dark: [darkL, darkC] as const }
    }
    const [ground, ink] = [pair('background'), pair('color')]
    const angles = [...css.matchAll(/\[data-hue="\d"\] \{ --hue: (\d+); \}/g)].map(([, angle]) => Number(angle))
    expect(angles).toHaveLength(8)
    for (const theme of ['light', 'dark'] as const) {
      expect(ground[theme][0]).toBeGreaterThan(0)
      for (const angle of angles)
        expect([theme, angle, contrast([...ground[theme], angle], [...ink[theme], angle]) >= 4.5]).toEqual([
          theme,
          angle,
          true,
        ])
    }
  })

  test('has a thing that is drawn by paths alone', () => {
    for (const paths of Object.values(things)) for (const path of paths) expect(path).toMatch(/^[Mm][\d\s.,a-zA-Z-]+$/)
  })
})

type Oklch = readonly [lightness: number, chroma: number, angle: number]

function contrast(one: Oklch, other: Oklch): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** Relative luminance, by way of OKLab and linear sRGB, cut to the gamut. */
function luminance([l, c, angle]: Oklch): number {
  const [a, b] = [c * Math.cos((angle * Math.PI) / 180), c * Math.sin((angle * Math.PI) / 180)]
  const [x, y, z] = [
    (l + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (l - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ]
  const cut = (value: number) => Math.min(1, Math.max(0, value))
  const red = cut(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z)
  const green = cut(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z)
  const blue = cut(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
