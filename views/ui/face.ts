/** The first letters of the first two words of a name, for the avatar; '' for who has no name of letters. */
export function initials(name: string): string {
  const words = name.match(/\p{L}\p{M}*[\p{L}\p{M}'’-]*/gu) ?? []
  return words
    .slice(0, 2)
    .map((word) => (/^\p{L}\p{M}*/u.exec(word)?.[0] ?? '').toUpperCase())
    .join('')
}

/** What avatars are coloured by: `data-hue`. None of them is red. */
export type Hue = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** One of eight hues, always the same for the same id. */
export const hueOf = (id: string): Hue => ((Number.parseInt(id.slice(-4), 16) % 8 || 0) + 1) as Hue
