import { launcherWords } from '../../catalogues/launcher-words.ts'
import type { Locale } from '../../catalogues/locales.ts'
import type { Look } from '../../../views/widget/look.ts'
import { deviceOf, shownOn } from '../../../views/widget/shown-on.ts'
import { painter } from './painter.ts'
import { pickLocale } from './speak.ts'

export type View = Window & typeof globalThis

export type Launcher = ReturnType<typeof paintLauncher>

/** Paints the launcher on the shop's page, and keeps it where the shop wants it and nowhere else. */
export function paintLauncher(view: View, first: Pick<Look, 'widget' | 'paint'>) {
  const { document } = view
  const draw = painter(document)
  const host = draw.element('kontuar-chat' as 'div', {})
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new view.CSSStyleSheet()
  root.adoptedStyleSheets = [sheet]

  const button = draw.button('launcher', '')
  button.setAttribute('aria-haspopup', 'dialog')
  const status = draw.element('p', { class: 'said', role: 'status', dir: 'auto' })
  const box = draw.element('div', {}, button, status)
  root.append(box)

  let { widget } = first
  let locale: Locale
  let words: ReturnType<typeof launcherWords>
  let open = false
  /** what the shop's page asked for by `show` and `hide`; null leaves it to the settings */
  let forced: boolean | null = null
  let unreadName = ''
  const badges: ChildNode[] = []

  function paint({ widget: wanted, paint: { css, rules, icon } }: typeof first) {
    widget = wanted
    locale = widget.locale === 'auto' ? pickLocale(view.navigator.languages) : widget.locale
    words = launcherWords(locale)
    sheet.replaceSync(css + rules)
    const label = draw.element('span', { dir: 'auto' })
    label.textContent = widget.label
    // What hangs on it stays where it is: somebody may be pressing it.
    for (const old of [...button.childNodes]) if (!badges.includes(old)) old.remove()
    button.prepend(draw.icon(24, icon), ...(widget.label ? [label] : []))
    host.lang = locale
    nameIt(unreadName)
    settle()
  }

  // What is written on it is part of what it is called, for those who speak to their computer.
  function nameIt(unread: string) {
    unreadName = unread
    button.setAttribute('aria-label', (widget.label && `${widget.label}: `) + (unread || words.open))
  }

  function settle() {
    const fits =
      shownOn(widget.pages, view.location) &&
      !widget.hiddenOn.includes(deviceOf((query) => view.matchMedia(query).matches))
    button.hidden = open || !(forced ?? fits)
    button.setAttribute('aria-expanded', `${open}`)
  }

  /** Puts it into the page, also again after the page was written anew. */
  function place() {
    // Here only what the body adds: what stands on the root is inherited.
    host.dir = document.body.dir
    // Not into the body: pages transform, replace and clip it.
    document.documentElement.append(host)
    try {
      // The top layer is above every z-index, and out of every transform.
      host.popover = 'manual'
      host.showPopover()
    } catch {
      // an older browser
    }
  }

  paint(first)
  return {
    host,
    root,
    box,
    button,
    draw,
    paint,
    place,
    settle,
    nameIt,
    /** Hangs something on the button that stays through every painting. */
    hang(badge: ChildNode) {
      badges.push(badge)
      button.append(badge)
    },
    locale: () => locale,
    words: () => words,
    opened(now: boolean) {
      open = now
      settle()
    },
    force(shown: boolean) {
      forced = shown
      settle()
    },
    /** Says that nobody answers, or stops saying it. */
    trouble(there: boolean) {
      status.textContent = there ? words.waiting : ''
    },
  }
}
