import type { ContactCard } from '../../src/features/visitors/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'

/** Somebody who writes: a browser, and the person behind it once they are known. */
export type Person = { visitorId: string; contact: ContactCard | null }

/** What a person is called: by what is known of them, else as one of many visitors. */
export const personLabel = (t: Translate, { visitorId, contact }: Person): string =>
  contact?.name || contact?.email || contact?.phone || t('console.visitor', { id: shortId(visitorId) })

/** The first letters of the first two words of a name, for the avatar; '' for who has no name of letters. */
export function initials(name: string): string {
  const words = name.match(/\p{L}\p{M}*[\p{L}\p{M}'’-]*/gu) ?? []
  return words
    .slice(0, 2)
    .map((word) => (/^\p{L}\p{M}*/u.exec(word)?.[0] ?? '').toUpperCase())
    .join('')
}

/** The end of an id, which is random: enough to tell a few visitors apart by ear. */
const shortId = (id: string): string => id.slice(-4).toUpperCase()

/** One of eight hues, always the same for the same id. */
export const hueOf = (id: string): number => (Number.parseInt(id.slice(-4), 16) % 8 || 0) + 1
