import './lend-preact.ts'
import { render } from 'preact'
import type { FrameKnown } from '../../../views/widget/frame.tsx'
import type { Locale } from '../../catalogues/locales.ts'
import { type Say, translatorOf, type Words } from '../../catalogues/widget-words.ts'
import { varietyOf } from '../variety.ts'
import { App } from './app.tsx'
import { makeBell } from './bell.ts'
import { Chat } from './chat.ts'
import type { Extras } from './extras.ts'
import { meetLoader } from './frame-port.ts'
import { newIdentifier } from './identifier.ts'
import { makeLook } from './look.ts'
import { browserOutside } from './outside.ts'
import type { ToFrame, ToLoader } from './port.ts'
import { pickLocale } from './speak.ts'
import { type When, whenIn } from './when.ts'

const root = document.getElementById('widget')
if (root) void startFrame(root)

/** What stands in the document that the frame was served in. */
function readDocument({ dataset }: HTMLElement) {
  const { known, now, chunks } = dataset
  return {
    known: JSON.parse(known ?? 'null') as FrameKnown,
    now: Number(now) || null,
    chunks: JSON.parse(chunks ?? '{}') as Record<string, string>,
  }
}

async function startFrame(root: HTMLElement) {
  const { known, now, chunks } = readDocument(root)
  const look = makeLook(document, CSSStyleSheet)
  const bell = makeBell(document, navigator)
  let post: (message: ToLoader) => void = () => {}
  let speech: { locale: Locale; say: Say; when: When } | null = null
  // Many changes are one drawing. A tab behind others has no frames, but its unread count must not wait for one.
  let cancelDraw: (() => void) | null = null

  const attended = () => chat.open && document.visibilityState === 'visible' && document.hasFocus()
  const chat: Chat = new Chat(known?.site.id ?? '', {
    outside: browserOutside(location.origin),
    newIdentifier: () => newIdentifier(crypto),
    post: (message) => post(message),
    changed,
    visible: () => document.visibilityState === 'visible',
    launcherName: (count) => speech?.say(count > 0 ? 'openUnread' : 'launcher.open', { count }) ?? '',
    ring: (muted) => muted || attended() || bell.ring(),
  })
  const { connection } = chat
  if (!known) connection.shut = 'site_unknown'
  // Who is there is asked anew: nobody says how old this document is by the time it is looked at.
  else connection.known.site = known.site
  if (now) connection.known.clock.set(now)

  const extras: Extras = {
    async showEmoji(place, say, pick) {
      const { showPicker } = await bring<typeof import('./emoji/en.ts')>(`emoji-${speech?.locale}`)
      showPicker(place, say, pick)
    },
    forms: () => bring<typeof import('./forms.ts')>('forms'),
  }

  let learning = false
  // A browser may remember that an address could not be had.
  let attempts = 0
  const bring = async <M,>(name: string): Promise<M> => {
    const address = `${chunks[name]}${attempts ? `?${attempts}` : ''}`
    return (await import(address).catch((error: unknown) => {
      attempts++
      throw error
    })) as M
  }

  const localeNow = (): Locale => {
    const { locale } = connection.known.settings
    return pickLocale(locale === 'auto' ? navigator.languages : [locale])
  }

  /** Gets the words of the language that is spoken here. */
  async function learn() {
    if (learning) return
    learning = true
    const locale = localeNow()
    const { words } = await bring<{ words: Words }>(`words-${locale}`)
    learning = false
    const say = translatorOf(locale, words)
    const when = whenIn(varietyOf(locale, navigator.languages), say, () => connection.known.clock.now())
    speech = { locale, say, when }
    look.speak(locale, say('title'))
  }

  function draw() {
    cancelDraw?.()
    cancelDraw = null
    if (!speech) return
    look.wear(connection.known.settings)
    if (speech.locale !== localeNow()) void learn().then(changed, () => {})
    render(<App chat={chat} say={speech.say} when={speech.when} extras={extras} />, root)
  }

  function changed() {
    if (cancelDraw) return
    const frame = requestAnimationFrame(draw)
    const timer = setTimeout(draw, 200)
    cancelDraw = () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
  }

  addEventListener('online', () => connection.nudge())
  addEventListener('offline', () => connection.doubt())
  addEventListener('pageshow', (event) => (event as PageTransitionEvent).persisted && connection.nudge())
  addEventListener('focus', changed)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return
    connection.nudge()
    changed()
  })
  document.addEventListener('keydown', ({ key, isComposing }) => key === 'Escape' && !isComposing && chat.close())

  look.wear(connection.known.settings)
  await learn()
  draw()
  meetLoader(
    window,
    (message: ToFrame) => chat.take(message),
    (given) => {
      post = given
    },
  )
}
