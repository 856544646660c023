import { render } from 'preact'
import { lookOf } from '../../../views/widget/look.ts'
import type { WidgetSettings } from '../../../views/widget/settings.ts'
import { App } from '../widget/app.tsx'
import { Chat } from '../widget/chat.ts'
import type { Extras } from '../widget/extras.ts'
import { EmailCard, FeedbackForm } from '../widget/forms.ts'
import { paintLauncher } from '../widget/launcher.ts'
import { makeLook } from '../widget/look.ts'
import type { Outside } from '../widget/outside.ts'
import { makeBringer } from '../widget/parts.ts'
import { makeSpeech } from '../widget/speech.ts'
import type { Words } from '../../catalogues/widget-words.ts'
import type { Previewed } from './previewed.ts'

// The widget's own window and launcher, with settings that nobody has saved yet. It is connected to nothing.
const nowhere: Outside = {
  openSocket: () => ({ send() {}, close() {}, onopen: null, onmessage: null, onclose: null }),
  request: () => new Promise(() => undefined),
  now: () => Date.now(),
  random: () => 0,
  after: () => () => undefined,
}

const root = document.getElementById('widget')
if (root) startPreview(root)

function startPreview(root: HTMLElement): void {
  const bring = makeBringer(JSON.parse(root.dataset.parts ?? '{}') as Record<string, string>)
  const look = makeLook(document, CSSStyleSheet)
  const chat: Chat = new Chat('preview', {
    outside: nowhere,
    newIdentifier: () => 'preview',
    post: () => undefined,
    changed: () => void draw(),
    visible: () => false,
    launcherName: () => '',
    ring: () => undefined,
  })
  const { known } = chat.connection
  const speech = makeSpeech(
    navigator.languages,
    (locale) => bring<{ words: Words }>(`words-${locale}`),
    () => Date.now(),
  )
  const extras: Extras = { showEmoji: async () => undefined, forms: async () => ({ FeedbackForm, EmailCard }) }

  async function draw(): Promise<void> {
    const { settings } = known
    look.wear(settings)
    await speech.learn(settings).catch(() => false)
    if (!speech.spoken) return
    const { locale, say, when } = speech.spoken
    look.speak(locale, say('title'))
    render(<App chat={chat} say={say} when={when} extras={extras} />, root)
  }

  let launcher: ReturnType<typeof paintLauncher> | null = null
  window.addEventListener('message', ({ origin, source, data }: MessageEvent<Previewed>) => {
    if (origin !== location.origin || source !== parent || data.type !== 'preview') return
    const { site, availability } = data
    known.availability = availability
    known.changeSite({ id: 'preview', ...site })
    launcher?.host.remove()
    if (!data.launcher) return
    // Where it is not shown is told in words beside: here it is looked at.
    const shown: WidgetSettings = { ...site.widget, hiddenOn: [], pages: { show: 'except', paths: [] } }
    launcher = paintLauncher(window, lookOf(null, shown, ''))
    launcher.place()
    launcher.host.inert = true
  })
  parent.postMessage({ type: 'preview-ready' }, location.origin)
}
