import { fillOf } from './colour.ts'
import type { WidgetSettings } from './settings.ts'

/** What the launcher is painted with: made where bytes are cheap, on the server, or in the script behind it. */
export type Paint = {
  /** The style sheet of its shadow root: what never changes, */
  css: string
  /** and what the site has set. */
  rules: string
  /** The `d` of its icon, on a field of 24 by 24. */
  icon: string
}

export const paintOf = (settings: WidgetSettings): Paint => ({ css: short(launcherRules), ...rulesOf(settings) })

/** The part that changes with the settings. */
export const rulesOf = (settings: WidgetSettings): Pick<Paint, 'rules' | 'icon'> => ({
  rules: short(placeOf(settings) + coloursOf(settings)),
  icon: icons[settings.icon],
})

/** Lucide, ISC licence. */
const icons: Record<WidgetSettings['icon'], string> = {
  speech:
    'M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719',
  question: 'M2 12a10 10 0 1 0 20 0 10 10 0 1 0-20 0m7.09-3a3 3 0 0 1 5.83 1c0 2-3 3-3 3m.08 4h.01',
  phone:
    'M13.832 16.568a1 1 0 0 0 1.213-.303l.355-.465A2 2 0 0 1 17 15h3a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 1-.8 1.6l-.468.351a1 1 0 0 0-.292 1.233 14 14 0 0 0 6.392 6.384',
  drop: 'M12 22a7 7 0 0 0 7-7c0-2-1-3.9-3-5.5s-3.5-4-4-6.5c-.5 2.5-2 4.9-4 6.5S5 13 5 15a7 7 0 0 0 7 7',
}

// Inside a shadow root `!important` beats the page's own, but the page's rules for the host element beat ours that lack it:
// so colours stand on the box inside. Text in em of what the visitor has set; the page's rem may be anything. A press is the
// button's own: one that began on an icon that is painted anew before it ends would be none.
const launcherRules = `
:host {
  all: initial !important; position: fixed !important; z-index: 2147483647 !important; display: block !important;
  inset: auto 0 0 auto !important;
}
* { box-sizing: border-box; font: 400 1em/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
button { margin: 0; padding: 0; border: 0; background: none; color: inherit; cursor: pointer; text-align: start; }
button:focus-visible { outline: 3px solid var(--ring); outline-offset: 3px; }
svg { display: block; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
[hidden] { display: none !important; }
.launcher, .said { position: fixed; inset-inline: var(--start) var(--end); inset-block-end: var(--below); box-shadow: 0 0 0 1px var(--line), 0 8px 24px -6px var(--shade); }
.launcher {
  display: flex; align-items: center; justify-content: center; gap: 10px; min-inline-size: 56px; min-block-size: 56px;
  max-inline-size: calc(100vw - 20px); padding: 4px 16px; border-radius: 28px; background: var(--site); color: var(--on);
}
.launcher * { pointer-events: none; }
.launcher:hover { box-shadow: 0 0 0 1px var(--line), 0 12px 30px -4px var(--shade); }
.launcher span { min-inline-size: 0; padding-inline-end: 6px; font-weight: 500; overflow-wrap: anywhere; }
.said {
  max-inline-size: min(300px, 100vw - 40px); margin: 0 0 68px; padding: 12px 16px; border-radius: 10px;
  background: var(--surface); color: var(--text);
}
.said:empty { display: none; }
@media (forced-colors: active) { .launcher, .said { border: 1px solid ButtonText; } }
@media print { :host { display: none !important; } }
`

/** The offset, and never so far that the launcher leaves a small screen or lies under a notch. */
function placeOf({ side, offset }: WidgetSettings): string {
  const inline = `min(max(${offset.inline}px, env(safe-area-inset-left), env(safe-area-inset-right)), 100vw - 76px)`
  const block = `min(max(${offset.block}px, env(safe-area-inset-bottom)), 100vh - 76px)`
  const [start, end] = side === 'start' ? [inline, 'auto'] : ['auto', inline]
  return `div { --start: ${start}; --end: ${end}; --below: ${block}; }`
}

function coloursOf({ colour, theme }: WidgetSettings): string {
  const light = rulesIn(colour, 'light')
  const dark = rulesIn(colour, 'dark')
  if (theme === 'auto') return `${light} @media (prefers-color-scheme: dark) { ${dark} }`
  return theme === 'dark' ? dark : light
}

const grounds = {
  light: '--surface: #fff; --text: #1d1b19; --ring: #0077bd; --line: #1d1b1914; --shade: #1d1b194d',
  dark: '--surface: #21201e; --text: #e9e8e5; --ring: #82c6f9; --line: #ffffff1f; --shade: #0009',
}

function rulesIn(colour: string, theme: 'light' | 'dark'): string {
  const { site, onSite } = fillOf(colour, theme)
  return `div { color-scheme: ${theme}; --site: ${site}; --on: ${onSite}; ${grounds[theme]}; }`
}

const short = (css: string) =>
  css
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>!]) ?/g, '$1')
    .replaceAll(': ', ':')
    .replaceAll(';}', '}')
    .trim()
