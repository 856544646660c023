import { Elysia } from 'elysia'
import type { Config } from '../../config.ts'
import { type MailField, type MailFormShown, MailForm, MailPage } from '../../../views/settings/mail.tsx'
import { MailOutbox } from '../../../views/settings/mail-outbox.tsx'
import { MailTest } from '../../../views/settings/mail-test.tsx'
import { Said } from '../../../views/settings/said.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { readFields } from '../../platform/http/form.ts'
import { fragment, json, page, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { tryAgain, tryAllAgain } from '../../platform/jobs/try-again.ts'
import type { Translate } from '../../platform/lib/i18n.ts'
import { Refusal, refuse } from '../../platform/lib/refuse.ts'
import { type Asked, type Inside, raw, viewerOf } from '../agents/index.ts'
import { type MailSettings, originOf, readMail } from './mail-settings.ts'
import { mailJobs } from './names.ts'
import { shownOutbox } from './outbox-shown.ts'
import { type MailFields, saveMail } from './save-mail.ts'
import { sendTest } from './send-test.ts'

/** How mail goes out, whether it does, and what has not. */
export const settingsRoutes = (inside: Inside, config: Config) =>
  new Elysia({ name: 'mail-settings' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/mail', inside(showMail(config)))
    .put('/settings/mail', inside(putMail), raw)
    .post('/settings/mail/test', inside(postTest), raw)
    .get('/settings/mail/outbox', inside(showOutbox))
    .post('/settings/mail/outbox/tries', inside(postTries), raw)
    .post('/settings/mail/outbox/:id/tries', inside(postTry), raw)

const showMail =
  (config: Config) =>
  async ({ agent, t, query }: Asked): Promise<Response> => {
    const mail = await readMail()
    return page(
      <MailPage
        t={t}
        assets={documentAssets('settings')}
        viewer={viewerOf(agent)}
        form={keptForm(t, mail)}
        links={mail && { origin: originOf(mail), sure: config.publicUrl !== null }}
        testTo={agent.email}
        outbox={await shownOutbox(t, query)}
      />,
    )
  }

function keptForm(t: Translate, mail: MailSettings | null): MailFormShown {
  const { host, port, security, user, senderName, senderAddress, locale } = mail ?? ({} as Partial<MailSettings>)
  return {
    values: {
      host: host ?? '',
      port: `${port ?? 587}`,
      security: security ?? 'starttls',
      user: user ?? '',
      senderName: senderName ?? '',
      senderAddress: senderAddress ?? '',
      locale: locale ?? t.locale,
    },
    hasPassword: Boolean(mail?.password),
    errors: {},
    refused: false,
  }
}

/** Saves what was typed; what cannot be saved comes back as it was typed, but for the password, with what is wrong beside it. */
async function putMail({ agent, t, request, origin }: Asked): Promise<Response> {
  const fields = await readFields(request)
  try {
    await saveMail(agent, fields, origin)
  } catch (error) {
    if (!(error instanceof Refusal) || wantsJson(request) || typeof error.values.field !== 'string') throw error
    return fragment(<MailForm t={t} form={await typedForm(t, fields, error)} />, { status: 422 })
  }
  const mail = await readMail()
  if (wantsJson(request)) return json({})
  return fragment([
    <MailForm key="form" t={t} form={keptForm(t, mail)} />,
    <Said key="said" t={t} words={t('mail.saved')} />,
  ])
}

async function typedForm(t: Translate, fields: MailFields, refusal: Refusal): Promise<MailFormShown> {
  const kept = keptForm(t, await readMail())
  const names = Object.keys(kept.values) as MailField[]
  const typed = names.map((name) => [name, typeof fields[name] === 'string' ? fields[name] : kept.values[name]])
  const field = String(refusal.values.field) as MailField | 'password'
  const words = refusal.code === 'mail_password_again' ? t('refusals.mail_password_again') : t(`mail.wrong.${field}`)
  return {
    ...kept,
    values: Object.fromEntries(typed) as Record<MailField, string>,
    errors: { [field]: words },
    refused: true,
  }
}

/** What came of a test; a refusal of ours stands beside the field. */
async function postTest({ t, request }: Asked): Promise<Response> {
  const { to } = await readFields(request)
  try {
    const outcome = await sendTest(t, to)
    if (wantsJson(request)) return json(outcome)
    return fragment(<MailTest t={t} to={outcome.to} outcome={outcome} />)
  } catch (error) {
    if (!(error instanceof Refusal) || wantsJson(request)) throw error
    const typed = typeof to === 'string' ? to : ''
    return fragment(<MailTest t={t} to={typed} wrong={t(`refusals.${error.code}`, error.values)} />, { status: 422 })
  }
}

const showOutbox = async (asked: Asked): Promise<Response> => outbox(asked)

async function postTries(asked: Asked): Promise<Response> {
  await tryAllAgain(mailJobs)
  return outbox(asked)
}

async function postTry(asked: Asked): Promise<Response> {
  if (!(await tryAgain(mailJobs, asked.params.id ?? ''))) throw refuse('not_found')
  return outbox(asked)
}

async function outbox({ t, query, request }: Asked): Promise<Response> {
  const shown = await shownOutbox(t, query)
  return wantsJson(request) ? json(shown) : fragment(<MailOutbox t={t} shown={shown} />)
}
