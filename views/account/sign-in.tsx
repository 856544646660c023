import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Document, type DocumentAssets } from '../ui/document.tsx'
import { Field } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { Problem } from '../ui/problem.tsx'

/** `problem` says why the last attempt failed; `next` is where to go after it succeeds. */
export function SignInPage(props: {
  t: Translate
  assets: DocumentAssets
  email: string
  next: string
  problem: string | null
}) {
  const { t, assets, email, next, problem } = props
  return (
    <Document t={t} title={t('account.title', { page: t('account.sign_in.title') })} assets={assets}>
      <main class="single">
        <Icon name="mark" />
        <h1>{t('account.sign_in.title')}</h1>
        <p class="lead">{t('account.sign_in.lead')}</p>
        {problem === null ? null : <Problem t={t} sentence={problem} />}
        <form class="form" method="post" action="/sign-in">
          <input type="hidden" name="next" value={next} />
          <Field
            name="email"
            type="email"
            label={t('account.email')}
            value={email}
            autocomplete="username"
            maxLength={254}
            autofocus={email === ''}
          />
          <Field
            name="password"
            type="password"
            label={t('account.password')}
            autocomplete="current-password"
            maxLength={200}
            autofocus={email !== ''}
          />
          <Button type="submit" kind="primary">
            {t('account.sign_in.do')}
          </Button>
        </form>
      </main>
    </Document>
  )
}
