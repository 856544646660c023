const longest = 64

/** What order numbers are compared by: their letters and digits, however they are written (`№ 48-213` is `48213`). */
export const foldNumber = (number: string): string =>
  number
    // Before it is taken apart into letters.
    .replaceAll('№', '')
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .slice(0, longest)
    .toWellFormed()
