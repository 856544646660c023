// Letters that Unicode does not take apart into a plain one and a mark.
const plain: Record<string, string> = { ł: 'l', ø: 'o', đ: 'd', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i', þ: 'th' }

/** The words of a text as they are compared when people look for them: without capitals, accents and what stands between. */
export const foldWords = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[łøđßæœıþ]/g, (letter) => plain[letter] ?? letter)
    .match(/[\p{L}\p{N}]+/gu) ?? []
