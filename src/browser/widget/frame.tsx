import { render } from 'preact'
import { widgetTranslator } from '../../catalogues/widget-words.ts'
import { App } from './app.tsx'
import { Chat } from './chat.ts'
import { meetLoader } from './frame-port.ts'
import { newIdentifier } from './identifier.ts'
import { browserOutside } from './outside.ts'
import type { ToFrame, ToLoader } from './port.ts'
import { varietyOf } from '../variety.ts'
import { pickLocale } from './speak.ts'
import { whenIn } from './when.ts'

const root = document.getElementById('widget')
if (root) startFrame(root)

function startFrame(root: HTMLElement) {
  const locale = pickLocale(navigator.languages)
  const say = widgetTranslator(locale)
  const when = whenIn(varietyOf(locale, navigator.languages), say, () => Date.now())
  document.documentElement.lang = locale
  document.title = say('title')

  const { site: siteId = '', name = '', greeting, chat: chatState } = root.dataset
  let post: (message: ToLoader) => void = () => {}
  // Many changes are one drawing. A tab behind others has no frames, but its unread count must not wait for one.
  let cancelDraw: (() => void) | null = null
  const draw = () => {
    cancelDraw?.()
    cancelDraw = null
    render(<App chat={chat} say={say} when={when} />, root)
  }
  const changed = () => {
    if (cancelDraw) return
    const frame = requestAnimationFrame(draw)
    const timer = setTimeout(draw, 200)
    cancelDraw = () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
  }
  const chat = new Chat(siteId, {
    outside: browserOutside(location.origin),
    newIdentifier: () => newIdentifier(crypto),
    post: (message) => post(message),
    changed,
    visible: () => document.visibilityState === 'visible',
    launcherName: (count) => (count > 0 ? say('openUnread', { count }) : say('launcher.open')),
  })
  const { connection } = chat
  if (chatState === 'unknown') connection.shut = 'site_unknown'
  else connection.known.site = { id: siteId, name, greeting: greeting ?? null, chatEnabled: chatState !== 'off' }

  addEventListener('online', () => connection.nudge())
  addEventListener('offline', () => connection.doubt())
  addEventListener('pageshow', (event) => (event as PageTransitionEvent).persisted && connection.nudge())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return
    connection.nudge()
    changed()
  })
  document.addEventListener('keydown', ({ key, isComposing }) => key === 'Escape' && !isComposing && chat.close())

  draw()
  meetLoader(
    window,
    (message: ToFrame) => chat.take(message),
    (given) => {
      post = given
    },
  )
}
