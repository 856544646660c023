/** What a visitor can choose, remembered on the shop's page: no sound, no question for their e-mail. */
export type Wish = 'silent' | 'no-email'

/** The wishes as a set and as the words that are kept of it. */
export const readWishes = (kept: string): Set<string> => new Set(kept.split(' ').filter((word) => word !== ''))
export const writeWishes = (wishes: Set<string>): string => [...wishes].join(' ')
