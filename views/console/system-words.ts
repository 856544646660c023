import type { SystemCode, SystemMessage } from '../../src/features/system-messages/index.ts'
import type { Key, Translate } from '../../src/platform/lib/i18n.ts'

const codes: readonly SystemCode[] = [
  'job_dead',
  'mail_dead',
  'disk_low',
  'disk_full',
  'disk_failed',
  'disk_damaged',
  'upgraded',
]

const codeOf = ({ code }: SystemMessage): SystemCode | undefined => codes.find((one) => one === code)

/** What it is called, in the reader's language where it is one of the catalogue's own. */
export function systemTitle(t: Translate, message: SystemMessage): string {
  const code = codeOf(message)
  return code ? t(`console.system.${code}.title`, values(message)) : (message.title ?? message.code ?? '')
}

/** What it says; '' for nothing more than its title. */
export function systemText(t: Translate, message: SystemMessage): string {
  const code = codeOf(message)
  return code ? t(`console.system.${code}.text`, values(message)) : (message.body ?? '')
}

/** Messages of the catalogue that want a value which was not kept say so by a dash. */
const values = (message: SystemMessage) => ({
  job: '–',
  error: '–',
  megabytes: '–',
  version: '–',
  before: '–',
  ...message.values,
})

/** What is new in each version, oldest first: its keys in the catalogue. */
const notes: readonly { version: string; key: Key }[] = [{ version: '0.2.0', key: 'console.system.notes.0_2_0' }]

/** What came with an upgrade, version by version. */
export function upgradeNotes(
  t: Translate,
  { code, values: kept }: SystemMessage,
): { version: string; words: string }[] {
  if (code !== 'upgraded') return []
  const [from, to] = [numbers(kept?.before), numbers(kept?.version)]
  return notes
    .filter(({ version }) => isAfter(numbers(version), from) && !isAfter(numbers(version), to))
    .map(({ version, key }) => ({ version, words: t(key) }))
}

const numbers = (version: string | number = ''): number[] =>
  `${version}`.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0)

function isAfter(a: number[], b: number[]): boolean {
  const at = [0, 1, 2].find((place) => (a[place] ?? 0) !== (b[place] ?? 0))
  return at !== undefined && (a[at] ?? 0) > (b[at] ?? 0)
}
