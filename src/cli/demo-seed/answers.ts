import type { TemplateRow } from '../../features/templates/index.ts'
import { type Locale, locales } from '../../platform/lib/i18n.ts'
import { sayIn } from './lines.ts'
import { randomOf } from './random.ts'

// In the catalogue a brace belongs to the message: what a template leaves open is named there by another word.
const holdersIn = (locale: Locale) => ({
  holder_name: `{{contact.name|${sayIn(locale, 'template_nobody', {})}}}`,
  holder_order: '{{order.number}}',
  holder_status: '{{order.status}}',
  holder_zone: '{{zone.name}}',
  holder_owed: '{{containers.owed|0}}',
})
// Positions are kept in millionths: 1, 1.5, 2 and so on.
const half = 500_000

/** The prepared answers of the shop, those of each language together. */
export function answersOf(createdAt: number): TemplateRow[] {
  const random = randomOf('templates')
  const said = locales.flatMap((locale) =>
    sayIn(locale, 'templates', holdersIn(locale))
      .split(' || ')
      .map((one) => ({ locale, parts: one.split(' :: ') })),
  )
  return said.map(({ locale, parts: [name = '', shortcut = '', text = ''] }, place) => ({
    ...{ id: random.id(createdAt + place), name, text, position: (place + 2) * half, visible: true },
    ...{ siteIds: null, shortcut, locale, createdAt: createdAt + place, changedAt: createdAt + place, removedAt: null },
  }))
}
