// A light stemmer of our own, for words whose accents are gone. Its endings are the paradigms of the noun, the adjective and
// the past tense as school grammars list them (Z. Saloni, M. Świdziński, „Składnia współczesnego języka polskiego”); it cuts
// one ending, the longest, and evens out what the stem does before it (wodzie – woda, butelek – butelka, kurierze – kurier).
const endings = [
  ...['owaniami', 'owaniach', 'owaniem', 'owania', 'owanie', 'owaniu', 'owan'],
  ...['iejszego', 'iejszych', 'iejszym', 'iejsza', 'iejsze', 'iejszy'],
  ...['ilismy', 'alismy', 'ilysmy', 'alysmy', 'ylismy', 'elismy', 'iliscie', 'aliscie'],
  ...['ilem', 'ilam', 'alem', 'alam', 'ylem', 'ylam', 'elem', 'elam'],
  ...['ili', 'ily', 'ila', 'ilo', 'ali', 'aly', 'ala', 'alo', 'yli', 'yly', 'yla', 'ylo', 'eli', 'ely', 'ela'],
  ...['iami', 'iach', 'iego', 'iemu', 'iowi', 'iom', 'iow', 'iem', 'imi', 'ich', 'iej'],
  ...['ami', 'ach', 'ego', 'emu', 'owi', 'owie', 'ymi', 'ych', 'om', 'ow', 'em', 'ej', 'im', 'ym'],
  ...['il', 'al', 'yl', 'ic', 'yc', 'ac', 'ec', 'am', 'asz', 'amy', 'acie', 'aja', 'uje', 'uja', 'uj'],
  ...['ie', 'ia', 'iu', 'io', 'ii', 'ja', 'je', 'ji', 'a', 'e', 'i', 'o', 'u', 'y'],
].toSorted((a, b) => b.length - a.length)

const shortest = 3

/** The stem of a Polish word: small letters without accents. */
export function stemPolish(word: string): string {
  const ending = endings.find((one) => word.length - one.length >= shortest && word.endsWith(one))
  return even(ending === undefined ? word : word.slice(0, -ending.length))
}

/** What the last sound of a stem turns into before some endings is turned back, for all words alike. */
function even(stem: string): string {
  if (stem.length > shortest && stem.endsWith('dz')) return stem.slice(0, -1)
  if (stem.length > shortest && stem.endsWith('rz')) return stem.slice(0, -1)
  const fleeting = /^(.{2,}[^aeiouy])i?e([kcn])$/.exec(stem)
  const joined = fleeting ? `${fleeting[1]}${fleeting[2]}` : stem
  if (joined.length > shortest && joined.endsWith('c') && !joined.endsWith('sc')) return `${joined.slice(0, -1)}k`
  return joined
}
