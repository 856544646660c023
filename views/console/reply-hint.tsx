import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'

/** Where an answer would go to somebody who has left. */
export type ReplyHint =
  | { way: 'mail'; address: string }
  | { way: 'refused' | 'not_set_up'; address: string }
  | { way: 'no_email' }

/** Said under the box before an answer is written; nothing while the visitor is there. */
export function ReplyHintLine({ t, hint }: { t: Translate; hint: ReplyHint | null }) {
  if (hint === null) return null
  const [before = '', after = ''] = t(`mail.hint.${hint.way}`, { address: mark }).split(mark)
  return (
    <>
      <Icon name={hint.way === 'mail' ? 'mail' : 'widget'} small />
      <span>
        {before}
        {'address' in hint && hint.way !== 'not_set_up' ? <bdi>{hint.address}</bdi> : null}
        {after}
      </span>
    </>
  )
}

// Where the address stands in the sentence of each language; it runs in its own direction.
const mark = '\u0000'
