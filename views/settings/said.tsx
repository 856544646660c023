import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Elsewhere } from '../ui/elsewhere.tsx'
import { Toast, type Undo } from '../ui/toast.tsx'

/** What was done, for the answer to a form: it finds its own place, and takes away what was refused before. */
export const Said = ({ t, words, undo }: { t: Translate; words: string; undo?: Undo }) => (
  <>
    <Elsewhere target="#toasts" swap="beforeend">
      <Toast t={t} words={words} {...(undo ? { undo } : {})} />
    </Elsewhere>
    <Elsewhere target="#notice" swap="innerHTML" />
  </>
)
