/** People of the four languages, and one whose name is longer than any column. */
export const people = [
  'Марина Соколова',
  'Katarzyna Wójcik',
  'Élodie Fournier',
  'James Carter',
  'Анатолий Константинопольский-Задунайский',
] as const

export const phone = '+7 921 000-01-48'

/** 22 November 2026, 10:52 in UTC. */
export const someTime = 1_795_344_720_000
