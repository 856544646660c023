import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Document, type DocumentAssets } from '../ui/document.tsx'
import { Button } from '../ui/button.tsx'

/** Asks whether somebody wants no more mail, or says that they get none. Looking at it changes nothing. */
export function UnsubscribePage(props: {
  t: Translate
  assets: DocumentAssets
  email: string
  site: string
  token: string
  refused: boolean
}) {
  const { t, assets, email, site, token, refused } = props
  const title = t(refused ? 'mail.unsubscribe.done' : 'mail.unsubscribe')
  return (
    <Document t={t} title={title} assets={assets}>
      <main class="single">
        <h1>{title}</h1>
        <p>
          <bdi>{email}</bdi>
        </p>
        <p dir="auto">{t(refused ? 'mail.unsubscribe.done.hint' : 'mail.unsubscribe.hint', { site })}</p>
        <form method="post" action={`/mail/unsubscribe?u=${token}`}>
          {refused ? <input type="hidden" name="again" value="1" /> : null}
          <Button kind={refused ? undefined : 'primary'} type="submit">
            {t(refused ? 'mail.unsubscribe.again' : 'mail.unsubscribe.press')}
          </Button>
        </form>
      </main>
    </Document>
  )
}
