import { Elysia } from 'elysia'
import type { Config } from '../../config.ts'
import { type MailField, type MailFormShown, MailForm, MailLinks, MailPage } from '../../../views/settings/mail.tsx'
import { MailOutbox } from '../../../views/settings/mail-outbox.tsx'
import { MailTest } from '../../../views/settings/mail-test.tsx'
import type { ChangeShown } from '../../../views/settings/change-shown.ts'
import { Said } from '../../../views/settings/said.tsx'
import { Elsewhere } from '../../../views/ui/elsewhere.tsx'
import { documentAssets } from '../../platform/http/document-assets.ts'
import { readFields } from '../../platform/http/form.ts'
import { fragment, json, page, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { tryAgain, tryAllAgain } from '../../platform/jobs/try-again.ts'
import type { Translate } from '../../platform/lib/i18n.ts'
import { Refusal, refuse } from '../../platform/lib/refuse.ts'
import { agentName, type Asked, type Inside, raw, viewerOf } from '../agents/index.ts'
import { changesSince, lastChange } from '../settings/index.ts'
import { type MailSettings, originOf, readMail } from './mail-settings.ts'
import { mailJobs } from './names.ts'
import { endRest } from './rest.ts'
import { shownOutbox } from './outbox-shown.ts'
import { type MailFields, saveMail } from './save-mail.ts'
import { sendTest } from './send-test.ts'

/** How mail goes out, whether it does, and what has not. */
export const settingsRoutes = (inside: Inside, config: Config) =>
  new Elysia({ name: 'mail-settings' })
    .onError(({ error, request }) => problem(error, request))
    .get('/settings/mail', inside(showMail(config)))
    .put('/settings/mail', inside(putMail(config)), raw)
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
        form={await keptForm(t, mail)}
        links={linksOf(mail, config)}
        testTo={agent.email}
        outbox={await shownOutbox(t, query)}
      />,
    )
  }

const linksOf = (mail: MailSettings | null, { publicUrl }: Config) =>
  mail && { origin: originOf(mail), sure: publicUrl !== null }

async function keptForm(t: Translate, mail: MailSettings | null): Promise<MailFormShown> {
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
    seen: await lastChange('mail', null),
    meanwhile: [],
    refused: false,
  }
}

/** Saves what was typed; what cannot be saved comes back as it was typed, but for the password, with what is wrong beside it. */
const putMail =
  (config: Config) =>
  async ({ agent, t, request, origin }: Asked): Promise<Response> => {
    const fields = await readFields(request)
    try {
      await saveMail(agent, fields, origin)
    } catch (error) {
      if (!(error instanceof Refusal) || wantsJson(request)) throw error
      const isLate = error.code === 'edited_meanwhile'
      if (!isLate && typeof error.values.field !== 'string') throw error
      return fragment(<MailForm t={t} form={await typedForm(t, fields, error)} />, { status: error.status })
    }
    if (wantsJson(request)) return json({})
    const mail = await readMail()
    return fragment([
      <MailForm key="form" t={t} form={await keptForm(t, mail)} />,
      <Said key="said" t={t} words={t('mail.saved')} />,
      <Elsewhere key="links" target="#mail-origin" swap="outerHTML">
        <MailLinks t={t} links={linksOf(mail, config)} />
      </Elsewhere>,
    ])
  }

async function typedForm(t: Translate, fields: MailFields, refusal: Refusal): Promise<MailFormShown> {
  const kept = await keptForm(t, await readMail())
  const names = Object.keys(kept.values) as MailField[]
  const typed = names.map((name) => [name, typeof fields[name] === 'string' ? fields[name] : kept.values[name]])
  const form = { ...kept, values: Object.fromEntries(typed) as Record<MailField, string>, refused: true }
  const seen = typeof fields.seen === 'string' && fields.seen !== '' ? fields.seen : null
  // Once they are told of it, what they save stands over it.
  if (refusal.code === 'edited_meanwhile') return { ...form, meanwhile: await changesOfOthers(seen) }
  const field = String(refusal.values.field) as MailField | 'password'
  const words = refusal.code === 'mail_password_again' ? t('refusals.mail_password_again') : t(`mail.wrong.${field}`)
  return { ...form, seen, errors: { [field]: words } }
}

async function changesOfOthers(seen: string | null): Promise<ChangeShown[]> {
  const changes = await changesSince('mail', null, seen)
  return Promise.all(
    changes.map(async (change) => ({
      ...change,
      who: change.agentId === null ? null : await agentName(change.agentId),
    })),
  )
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
  endRest()
  await tryAllAgain(mailJobs)
  return outbox(asked)
}

async function postTry(asked: Asked): Promise<Response> {
  endRest()
  if (!(await tryAgain(mailJobs, asked.params.id ?? ''))) throw refuse('not_found')
  return outbox(asked)
}

async function outbox({ t, query, request }: Asked): Promise<Response> {
  const shown = await shownOutbox(t, query)
  return wantsJson(request) ? json(shown) : fragment(<MailOutbox t={t} shown={shown} />)
}
