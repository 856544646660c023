/** A language in the reader's own variety, for dates: British and American hours are written differently. */
export const varietyOf = (language: string, wanted: readonly string[]): string =>
  wanted.find((one) => one === language || one.startsWith(`${language}-`)) ?? language
