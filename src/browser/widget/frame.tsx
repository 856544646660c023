import './lend-preact.ts'
import { render } from 'preact'
import type { FrameKnown } from '../../../views/widget/frame.tsx'
import type { Words } from '../../catalogues/widget-words.ts'
import { App } from './app.tsx'
import { makeBell } from './bell.ts'
import { Chat } from './chat.ts'
import type { showPicker } from './emoji/en.ts'
import type { Extras, Forms } from './extras.ts'
import { meetLoader } from './frame-port.ts'
import { newIdentifier } from './identifier.ts'
import { makeLook } from './look.ts'
import { browserOutside } from './outside.ts'
import { makeBringer } from './parts.ts'
import type { ToFrame, ToLoader } from './port.ts'
import { makeSpeech } from './speech.ts'

const root = document.getElementById('widget')
if (root) void startFrame(root)

async function startFrame(root: HTMLElement) {
  const { known, now, parts } = readDocument(root)
  const look = makeLook(document, CSSStyleSheet)
  const bell = makeBell(document, navigator)
  const bring = makeBringer(parts)
  let post: (message: ToLoader) => void = () => {}

  const chat: Chat = new Chat(known?.site.id ?? '', {
    outside: browserOutside(location.origin),
    newIdentifier: () => newIdentifier(crypto),
    post: (message) => post(message),
    changed,
    visible: isVisible,
    launcherName: (count) => speech.spoken?.say(count > 0 ? 'openUnread' : 'launcher.open', { count }) ?? '',
    ring(muted) {
      const attended = chat.open && isVisible() && document.hasFocus()
      if (!muted && !attended) bell.ring()
    },
  })
  const { connection } = chat
  // Who is there is asked anew: nobody says how old this document is by the time it is looked at.
  if (known) connection.known.site = known.site
  else connection.shut = 'site_unknown'
  if (now) connection.known.clock.set(now)
  connection.tellVisit({
    language: navigator.language,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  })

  const speech = makeSpeech(
    navigator.languages,
    (locale) => bring<{ words: Words }>(`words-${locale}`),
    connection.known.clock.now,
  )
  const extras: Extras = {
    async showEmoji(...given) {
      const picker = await bring<{ showPicker: typeof showPicker }>(`emoji-${speech.spoken?.locale}`)
      picker.showPicker(...given)
    },
    forms: () => bring<Forms>('forms'),
  }

  // Many changes are one drawing. A tab behind others has no frames, but its unread count must not wait for one.
  let cancelDraw: (() => void) | null = null

  function draw() {
    cancelDraw?.()
    cancelDraw = null
    const { settings } = connection.known
    look.wear(settings)
    speech.learn(settings).then(
      (another) => another && changed(),
      () => {},
    )
    if (!speech.spoken) return
    const { locale, say, when } = speech.spoken
    look.speak(locale, say('title'))
    render(<App chat={chat} say={say} when={when} extras={extras} />, root)
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

  listenToPage(chat, changed)
  look.wear(connection.known.settings)
  await speech.learn(connection.known.settings)
  draw()
  meetLoader(
    window,
    (message: ToFrame) => chat.take(message),
    (given) => {
      post = given
    },
  )
}

/** What stands in the document that the frame was served in. */
function readDocument({ dataset }: HTMLElement) {
  return {
    known: JSON.parse(dataset.known ?? 'null') as FrameKnown,
    now: Number(dataset.now) || null,
    parts: JSON.parse(dataset.parts ?? '{}') as Record<string, string>,
  }
}

function isVisible() {
  return document.visibilityState === 'visible'
}

function listenToPage(chat: Chat, changed: () => void) {
  const { connection } = chat
  addEventListener('online', () => connection.nudge())
  addEventListener('offline', () => connection.doubt())
  addEventListener('pageshow', (event) => (event as PageTransitionEvent).persisted && connection.nudge())
  document.addEventListener('visibilitychange', () => {
    if (!isVisible()) return
    connection.nudge()
    changed()
  })
  document.addEventListener('keydown', ({ key, isComposing }) => key === 'Escape' && !isComposing && chat.close())
}
