import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Document, type DocumentAssets } from '../ui/document.tsx'
import { Field } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { Problem } from '../ui/problem.tsx'

export type SetUpValues = { name: string; email: string; shop: string }

/** The first page of all: `token` goes with the form, so that only the newest link works. */
export function SetUpPage(props: {
  t: Translate
  assets: DocumentAssets
  token: string
  values: SetUpValues
  minPasswordLength: number
  problem: string | null
}) {
  const { t, assets, token, values, minPasswordLength, problem } = props
  return (
    <Document t={t} title={t('account.set_up.title')} assets={assets}>
      <main class="single">
        <Icon name="mark" />
        <h1>{t('account.set_up.title')}</h1>
        <p class="lead">{t('account.set_up.lead')}</p>
        {problem === null ? null : <Problem t={t} sentence={problem} />}
        <form class="form" method="post" action="/setup">
          <input type="hidden" name="token" value={token} />
          <Field
            name="name"
            label={t('account.name')}
            hint={t('account.name.hint')}
            value={values.name}
            autocomplete="name"
            maxLength={100}
            autofocus
          />
          <Field
            name="email"
            type="email"
            label={t('account.email')}
            value={values.email}
            autocomplete="username"
            maxLength={254}
          />
          <Field
            name="password"
            type="password"
            label={t('account.password')}
            hint={t('account.password.hint', { min: minPasswordLength })}
            autocomplete="new-password"
            minLength={minPasswordLength}
            maxLength={200}
          />
          <Field
            name="shop"
            label={t('account.shop')}
            hint={t('account.shop.hint')}
            value={values.shop}
            autocomplete="organization"
            maxLength={100}
          />
          <Button type="submit" kind="primary">
            {t('account.set_up.do')}
          </Button>
        </form>
      </main>
    </Document>
  )
}
