/** Colours as the widget paints them, all `#rrggbb`. */
export type Palette = {
  /** The shop's colour, for what the visitor presses. */
  site: string
  /** Text and icons on it. */
  onSite: string
  /** A tint of the surface, for what the visitor says. */
  soft: string
  /** The edge of what the visitor is about to say. */
  line: string
  /** The shop's colour as text, on the surface and on the tint. */
  text: string
}

type Theme = 'light' | 'dark'

const surfaces = { light: '#ffffff', dark: '#21201e' }

/**
 * What is painted of a shop's colour (`#rrggbb`). Whatever the colour, text has AA contrast: 4.5 by WCAG 2.2. Lightness is
 * held or moved in OKLCH (bottosson.github.io/posts/oklab), so that the hue stays the shop's.
 */
export function paletteOf(colour: string, theme: Theme): Palette {
  const { site, onSite } = fillOf(colour, theme)
  const surface = surfaces[theme]
  const text =
    theme === 'dark' ? atLightness(site, (l) => Math.max(l, 0.82)) : atLightness(site, (l) => Math.min(l, 0.48))
  return {
    site,
    onSite,
    soft: mixed(site, surface, 0.17),
    // Of the text's colour: a pale shop's own would leave no edge to be seen.
    line: mixed(text, surface, 0.45),
    text,
  }
}

/** The part of the palette that the launcher needs. On a dark page the colour is never darker than the page allows. */
export function fillOf(colour: string, theme: Theme): Pick<Palette, 'site' | 'onSite'> {
  const site = theme === 'dark' ? atLightness(colour, (l) => Math.max(l, 0.77)) : colour
  // The better of the two is never under 4.58.
  return { site, onSite: contrast(site, '#ffffff') < contrast(site, '#000000') ? '#000000' : '#ffffff' }
}

/** The contrast of two colours by WCAG 2.2, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

function luminance(colour: string): number {
  const [r, g, b] = linear(colour)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

type Three = [number, number, number]

function linear(colour: string): Three {
  const all = Number.parseInt(colour.slice(1), 16)
  const one = (shift: number) => {
    const value = ((all >> shift) & 255) / 255
    return value > 0.04045 ? ((value + 0.055) / 1.055) ** 2.4 : value / 12.92
  }
  return [one(16), one(8), one(0)]
}

function hex(channels: Three): string {
  const two = (value: number) => {
    const shown = value > 0.0031308 ? 1.055 * value ** (1 / 2.4) - 0.055 : 12.92 * value
    return Math.round(Math.min(1, Math.max(0, shown)) * 255 + 256)
      .toString(16)
      .slice(1)
  }
  return `#${two(channels[0])}${two(channels[1])}${two(channels[2])}`
}

function oklab(colour: string): Three {
  const [r, g, b] = linear(colour)
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

function fromOklab([lightness, a, b]: Three): Three {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

/** The same hue at another lightness, with as much of its chroma as a screen can show there. */
function atLightness(colour: string, change: (lightness: number) => number): string {
  const [before, a, b] = oklab(colour)
  const lightness = change(before)
  if (lightness === before) return colour
  for (let chroma = 1; ; chroma -= 0.05) {
    const channels = fromOklab([lightness, a * chroma, b * chroma])
    if (chroma < 0.05 || channels.every((value) => value > -0.002 && value < 1.002)) return hex(channels)
  }
}

/** `share` of one colour in the other. */
function mixed(colour: string, into: string, share: number): string {
  const [l, a, b] = oklab(colour)
  const [intoL, intoA, intoB] = oklab(into)
  const mix = (one: number, other: number) => one * share + other * (1 - share)
  return hex(fromOklab([mix(l, intoL), mix(a, intoA), mix(b, intoB)]))
}
