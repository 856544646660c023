import { isZone } from '../../../views/widget/opens-at.ts'
import { defaultSettings, type WidgetSettings } from '../../../views/widget/settings.ts'
import { isLocale } from '../../platform/lib/i18n.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { isLine } from '../../platform/lib/text.ts'
import { isPictureHash } from '../pictures/index.ts'

const maxLabel = 30
const mostPaths = 100
const maxPath = 200
const mostSpansADay = 3
const minutesADay = 24 * 60

type Rules = { [Setting in keyof WidgetSettings]: (value: unknown) => value is WidgetSettings[Setting] }

const rules: Rules = {
  colour: (value): value is string => typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value),
  side: oneOf('end', 'start'),
  offset: (value): value is WidgetSettings['offset'] =>
    isRecord(value, 'inline', 'block') && isWhole(value.inline, 0, 200) && isWhole(value.block, 0, 200),
  icon: oneOf('speech', 'question', 'phone', 'drop'),
  label: (value): value is string => typeof value === 'string' && isLine(value, maxLabel),
  logo: isPicture,
  theme: oneOf('auto', 'light', 'dark'),
  locale: (value): value is WidgetSettings['locale'] =>
    value === 'auto' || (typeof value === 'string' && isLocale(value)),
  hiddenOn: (value): value is WidgetSettings['hiddenOn'] =>
    isListOf(value, oneOf('phone', 'tablet', 'desktop'), 3) && new Set(value).size === value.length,
  pages: (value): value is WidgetSettings['pages'] =>
    isRecord(value, 'show', 'paths') && oneOf('only', 'except')(value.show) && isListOf(value.paths, isPath, mostPaths),
  openAfterSeconds: (value): value is number | null => value === null || isWhole(value, 1, 3600),
  greetingPicture: isPicture,
  poweredBy: (value): value is boolean => typeof value === 'boolean',
  hours: (value): value is WidgetSettings['hours'] => value === null || isHours(value),
}

/**
 * What is to be set of a widget, field by field. Refuses `settings_invalid` with the `field` that has no such value, or is
 * none. Whether the pictures exist is not seen here.
 */
export function checkWidget(given: unknown): Partial<WidgetSettings> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw refuse('settings_invalid', { field: 'widget' })
  for (const [field, value] of Object.entries(given)) {
    const isRight = Object.hasOwn(defaultSettings, field) && rules[field as keyof WidgetSettings](value)
    if (!isRight) throw refuse('settings_invalid', { field })
  }
  return given
}

function oneOf<T extends string>(...values: T[]): (value: unknown) => value is T {
  return (value): value is T => values.some((one) => one === value)
}

function isPicture(value: unknown): value is string | null {
  return value === null || isPictureHash(value)
}

/** Whether a value is an object with these properties and no other. */
function isRecord<K extends string>(value: unknown, ...keys: K[]): value is Record<K, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.keys(value).length === keys.length && keys.every((key) => Object.hasOwn(value, key))
}

const isWhole = (value: unknown, min: number, max: number): value is number =>
  Number.isInteger(value) && (value as number) >= min && (value as number) <= max

const isListOf = <T>(value: unknown, is: (item: unknown) => item is T, most: number): value is T[] =>
  Array.isArray(value) && value.length <= most && value.every(is)

const isPath = (value: unknown): value is string =>
  typeof value === 'string' && /^[/*]/.test(value) && isLine(value, maxPath)

function isHours(value: unknown): value is NonNullable<WidgetSettings['hours']> {
  if (!isRecord(value, 'zone', 'week')) return false
  // What is no name, such as +02:00, is taken for a zone too, and knows no summer time.
  const isNamed = typeof value.zone === 'string' && /^[A-Za-z]/.test(value.zone) && isZone(value.zone)
  return isNamed && isListOf(value.week, isDay, 7) && value.week.length === 7
}

const isDay = (value: unknown): value is { from: number; to: number }[] => isListOf(value, isSpan, mostSpansADay)

const isSpan = (value: unknown): value is { from: number; to: number } =>
  isRecord(value, 'from', 'to') &&
  isWhole(value.from, 0, minutesADay) &&
  isWhole(value.to, 0, minutesADay) &&
  value.from < value.to
