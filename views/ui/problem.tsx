import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Document, type DocumentAssets } from './document.tsx'
import { Icon } from './icon.tsx'

/** A refusal in words, where it happened. `id` finds the failure in the log. */
export function Problem({ t, sentence, id }: { t: Translate; sentence: string; id?: string | null }) {
  return (
    <p class="problem" role="alert">
      <Icon name="attention" />
      <span>
        {sentence}
        {id ? <small> {t('account.problem.id', { id })}</small> : null}
      </span>
    </p>
  )
}

/** A refusal as a page of its own, with a way on. */
export function ProblemPage(props: {
  t: Translate
  assets: DocumentAssets
  sentence: string
  id: string | null
  way: { href: string; text: string }
}) {
  const { t, assets, sentence, id, way } = props
  const title = t('account.problem.title')
  return (
    <Document t={t} title={t('account.title', { page: title })} assets={assets}>
      <main class="single">
        <h1>{title}</h1>
        <Problem t={t} sentence={sentence} id={id} />
        <p>
          <a class="link" href={way.href}>
            {way.text}
          </a>
        </p>
      </main>
    </Document>
  )
}
