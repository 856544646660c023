import { lookFrom } from '../../../views/settings/look-fields.ts'
import { opensAt } from '../../../views/widget/opens-at.ts'
import { defaultSettings, type WidgetSettings } from '../../../views/widget/settings.ts'
import type { Previewed } from './previewed.ts'

// The widget beside the form that changes it: told whenever something is typed, before anything is saved.
type Site = Previewed['site']

export function startPreviews(): void {
  window.addEventListener('message', ({ origin, source, data }: MessageEvent<{ type?: unknown }>) => {
    if (origin !== location.origin || data.type !== 'preview-ready') return
    for (const frame of frames()) if (frame.contentWindow === source) tell(frame)
  })
  for (const name of ['input', 'change']) {
    document.addEventListener(name, ({ target }) => {
      const form = target instanceof Element ? target.closest('form') : null
      for (const frame of frames()) if (form?.contains(frame)) tell(frame)
    })
  }
}

const frames = (): HTMLIFrameElement[] => [...document.querySelectorAll<HTMLIFrameElement>('iframe[data-preview]')]

function tell(frame: HTMLIFrameElement): void {
  const form = frame.closest('form')
  if (!form) return
  const known = JSON.parse(frame.dataset.known ?? '{}') as Partial<Site>
  const fields = new FormData(form)
  const field = (name: string): string | undefined => {
    const value = fields.get(name)
    return typeof value === 'string' ? value : undefined
  }
  const isLook = frame.dataset.preview === 'look'
  const site: Site = isLook ? lookedAt(known, field) : greeted(known, field)
  const away = form.querySelector<HTMLInputElement>('[data-away]')?.checked ?? false
  const backAt = away ? opensAt(site.widget.hours, Date.now()) : null
  const message: Previewed = {
    type: 'preview',
    site,
    availability: { agents: away ? 0 : 1, status: away ? 'away' : 'online', backAt },
    launcher: isLook,
  }
  frame.contentWindow?.postMessage(message, location.origin)
}

type FieldOf = (name: string) => string | undefined

const bare: Site = { name: '', chatEnabled: true, audience: 'anyone', greeting: null, widget: defaultSettings }

function greeted(known: Partial<Site>, field: FieldOf): Site {
  const widget: WidgetSettings = {
    ...defaultSettings,
    ...known.widget,
    greetingPicture: field('greetingPicture') || null,
  }
  return { ...bare, ...known, greeting: field('greeting')?.trim() || null, widget }
}

function lookedAt(known: Partial<Site>, field: FieldOf): Site {
  const widget: WidgetSettings = { ...defaultSettings, ...known.widget, ...lookFrom(field).widget }
  return { ...bare, ...known, name: field('name') ?? known.name ?? '', widget }
}
