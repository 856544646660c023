import { Elysia } from 'elysia'
import { UnsubscribePage } from '../../../views/mail/unsubscribe.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { readFields } from '../../platform/http/form.ts'
import { page } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { chooseLocale, translator } from '../../platform/lib/i18n.ts'
import { findSite } from '../sites/index.ts'
import { readUnsubscribing } from './links.ts'
import { isRefused } from './refusals.ts'
import { refuseMail } from './refuse-mail.ts'

// Who has the link may: it comes with no cookie, also from the provider of a mailbox (RFC 8058), so there is nobody whose
// browser could be made to press it.
export const unsubscribeRoutes = () =>
  new Elysia({ name: 'mail-unsubscribe' })
    .onError(({ error, request }) => problem(error, request))
    .get('/mail/unsubscribe', ({ request, query }) => shown(request, query.u))
    .post('/mail/unsubscribe', ({ request, query }) => pressed(request, query.u), { parse: 'none' })

// What stands in the address is for this page alone.
const headers = { 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex' }

async function shown(request: Request, token: string | undefined): Promise<Response> {
  const { email, siteId } = readUnsubscribing(token)
  const [site, refused] = await Promise.all([findSite(siteId), isRefused(email)])
  const t = translator(chooseLocale(request.headers.get('accept-language')))
  const about = { email, site: site?.name ?? '', token: token ?? '', refused }
  return page(<UnsubscribePage t={t} assets={documentAssets('plain')} {...about} />, { headers })
}

async function pressed(request: Request, token: string | undefined): Promise<Response> {
  const { email } = readUnsubscribing(token)
  // A provider sends a form of its own, as it likes; only our page asks to take it back.
  const again = (await readFields(request).catch((): { again?: unknown } => ({}))).again === '1'
  await refuseMail(email, !again)
  return shown(request, token)
}
