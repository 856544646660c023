import type { ComponentChildren } from 'preact'
import type { ChatField } from '../../src/features/sites/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import type { ChatFormShown } from './chat-form.ts'

type Props = { t: Translate; form: ChatFormShown; field: ChatField; question: string }

/** Whether a site answers a question as all sites do, or for itself; on the page for all sites nothing. */
export function OwnOrNot({ t, form, field, question }: Props) {
  if (form.site === null) return null
  const isOwn = form.own.includes(field)
  return (
    <fieldset class="own-or-not">
      <legend class="said">{t('cabinet.own', { question })}</legend>
      {([false, true] as const).map((own) => (
        <label key={`${own}`} class="choice">
          <input
            type="radio"
            name={`own.${field}`}
            value={own ? '1' : ''}
            checked={own === isOwn}
            data-own={`${own}`}
          />
          <span>{t(own ? 'cabinet.own.own' : 'cabinet.own.follows')}</span>
        </label>
      ))}
    </fieldset>
  )
}

/** What is to be set; on a site that follows all others, how it is now instead. The style sheet shows the one or the other. */
export function Answer(props: {
  t: Translate
  form: ChatFormShown
  now: ComponentChildren
  children: ComponentChildren
}) {
  const { t, form, now, children } = props
  return (
    <>
      {form.site === null ? null : (
        <div class="answer follows">
          <p class="hint">{t('cabinet.own.default')}</p>
          <div class="now" dir="auto">
            {now}
          </div>
          <p>
            <a class="link" href="/settings/chat">
              {t('cabinet.own.change')}
            </a>
          </p>
        </div>
      )}
      <div class="answer own">{children}</div>
    </>
  )
}
