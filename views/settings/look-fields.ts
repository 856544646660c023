import { type Device, defaultSettings, type WidgetSettings } from '../widget/settings.ts'

/** What is wrong with a field of the look: said beside it. */
export type LookError = 'range' | 'hours' | 'pages' | 'invalid'
export type LookErrors = Partial<Record<string, LookError>>
type FieldOf = (name: string) => string | undefined

export const devices: Device[] = ['phone', 'tablet', 'desktop']
export const weekDays = [0, 1, 2, 3, 4, 5, 6] as const

/** The widget's settings as its form says them; `errors` by field. What is wrong is left out. Picks nothing from a picture's name. */
export function lookFrom(field: FieldOf): { widget: Partial<WidgetSettings>; errors: LookErrors } {
  const errors: LookErrors = {}
  const number = (name: string, min: number, max: number): number => {
    const text = field(name)?.trim() ?? ''
    const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
    if (value >= min && value <= max) return value
    errors[name] = 'range'
    return Number.NaN
  }
  const offset = { inline: number('offsetInline', 0, 200), block: number('offsetBlock', 0, 200) }
  const openAfterSeconds = field('opens') === undefined ? null : number('openAfterSeconds', 1, 3600)
  const pages = pagesFrom(field, errors)
  const hours = hoursFrom(field, errors)
  const widget: Partial<WidgetSettings> = {
    ...colourFrom(field, errors),
    side: field('side') === 'start' ? 'start' : 'end',
    ...(errors.offsetInline || errors.offsetBlock ? {} : { offset }),
    icon: (field('icon') ?? defaultSettings.icon) as WidgetSettings['icon'],
    label: field('label')?.trim() ?? '',
    logo: field('logo') || null,
    theme: (field('theme') ?? 'auto') as WidgetSettings['theme'],
    locale: (field('locale') ?? 'auto') as WidgetSettings['locale'],
    hiddenOn: devices.filter((device) => field(`hiddenOn.${device}`) !== undefined),
    ...(errors.pages ? {} : { pages }),
    ...(errors.openAfterSeconds ? {} : { openAfterSeconds }),
    poweredBy: field('poweredBy') !== undefined,
    ...(hours === undefined ? {} : { hours }),
  }
  return { widget, errors }
}

function colourFrom(field: FieldOf, errors: LookErrors): Pick<WidgetSettings, 'colour'> | object {
  const colour = field('colour')?.trim() ?? ''
  if (/^#[0-9a-f]{6}$/i.test(colour)) return { colour }
  errors.colour = 'invalid'
  return {}
}

function pagesFrom(field: FieldOf, errors: LookErrors): WidgetSettings['pages'] {
  const lines = (field('paths') ?? '').split(/\r?\n/).map((line) => line.trim())
  const paths = lines.filter((line) => line !== '').map((line) => (/^[/*]/.test(line) ? line : `/${line}`))
  if (paths.length > 100 || paths.some((path) => path.length > 200)) errors.pages = 'pages'
  return { show: field('show') === 'only' ? 'only' : 'except', paths }
}

/** Undefined: something is wrong with them. */
function hoursFrom(field: FieldOf, errors: LookErrors): WidgetSettings['hours'] | undefined {
  if (field('hasHours') === undefined) return null
  const week = weekDays.map((day) => {
    const spans = spansFrom(field(`day.${day}`) ?? '')
    if (spans === null) errors[`day.${day}`] = 'hours'
    return spans ?? []
  })
  const isWrong = weekDays.some((day) => errors[`day.${day}`])
  return isWrong ? undefined : { zone: field('zone')?.trim() ?? '', week }
}

type Span = { from: number; to: number }

/** `9:00-13:00, 14:00-18:00` as minutes of the day; null for what is no such list of at most three spans. */
export function spansFrom(text: string): Span[] | null {
  const parts = text.split(/[,;]/).map((part) => part.trim())
  const spans = parts.filter((part) => part !== '').map(spanFrom)
  return spans.length <= 3 && spans.every((span) => span !== null) ? spans : null
}

function spanFrom(text: string): Span | null {
  const [, h1 = '', m1 = '0', h2 = '', m2 = '0'] =
    /^(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?$/.exec(text) ?? []
  const [from, to] = [Number(h1) * 60 + Number(m1), Number(h2) * 60 + Number(m2)]
  const isRight = h1 !== '' && Number(m1) < 60 && Number(m2) < 60 && from < to && to <= 24 * 60
  return isRight ? { from, to } : null
}

/** The other way round, as it stands in the field. */
export const spansInWords = (spans: Span[]): string =>
  spans.map(({ from, to }) => `${clock(from)}–${clock(to)}`).join(', ')

const clock = (minutes: number): string =>
  `${`${Math.floor(minutes / 60)}`.padStart(2, '0')}:${`${minutes % 60}`.padStart(2, '0')}`
