import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Say } from '../../catalogues/widget-words.ts'
import { canBeTakenBack, type Chat } from './chat.ts'
import type { Field } from './feedback.ts'
import { errorsIn, fieldsOf, firstWrong, formOf, refusedFor } from './feedback-rules.ts'
import { Icon } from './icons.tsx'
import type { Waiting } from './outbox.ts'
import { TextButton } from './text-button.tsx'

type Props = { chat: Chat; say: Say; showLog: (() => void) | null }

/** The feedback form, for who may not chat; then how it stands with what was handed in. */
export function FeedbackForm({ chat, say, showLog }: Props) {
  const { waiting, sent } = chat.feedback
  const log = showLog && <TextButton words={say('form.log')} press={showLog} />
  if (waiting) {
    const words = say(waiting.kept === false ? 'form.pendingInMemory' : 'form.pending')
    return (
      <Told words={words} icon="clock" body={waiting.body}>
        {canBeTakenBack(waiting) && <TextButton words={say('takeBack')} press={() => takeBack(chat, waiting)} />}
        {log}
      </Told>
    )
  }
  if (sent !== null) {
    return (
      <Told words={say('form.thanks')} icon="check" body={sent}>
        <TextButton words={say('form.another')} press={() => chat.beginFeedback()} />
        {log}
      </Told>
    )
  }
  return (
    <Fill chat={chat} say={say}>
      {log}
    </Fill>
  )
}

function takeBack(chat: Chat, waiting: Waiting) {
  chat.feedback.fields = fieldsOf(waiting)
  chat.feedback.sent = null
  chat.takeBack(waiting.clientId)
}

/** The form itself: what was being typed in the chat stands in it already. */
function Fill({ chat, say, children }: { chat: Chat; say: Say; children: ComponentChildren }) {
  const { feedback } = chat
  const { failed } = feedback
  const form = useRef<HTMLFormElement>(null)
  const takenUp = useRef('')
  // What was refused stands in the fields again, with what was said against it.
  if (failed && takenUp.current !== failed.clientId) {
    takenUp.current = failed.clientId
    feedback.fields = fieldsOf(failed)
    feedback.errors = refusedFor(failed)
  }

  function handIn(event: Event) {
    event.preventDefault()
    feedback.errors = errorsIn(feedback.fields, chat.draft)
    const wrong = firstWrong(feedback.errors)
    if (!wrong) return chat.handIn(formOf(feedback.fields))
    chat.fillIn({})
    form.current?.querySelector<HTMLElement>(`#form-${wrong}`)?.focus()
  }

  const { name, contact, topic, consent } = feedback.fields
  const off = chat.connection.known.site?.chatEnabled === false
  const unsent = chat.textsHeldBack.length
  return (
    <form class="form" ref={form} noValidate aria-label={say('form')} onSubmit={handIn}>
      <p class="lead">{say(off ? 'form.off' : 'form.registered')}</p>
      {unsent > 0 && (
        <div class="unsent" role="status">
          <span>{say('form.unsent', { count: unsent })}</span>
          <TextButton words={say('form.take', { count: unsent })} press={() => chat.moveIntoForm()} />
        </div>
      )}
      <Line chat={chat} say={say} field="name" value={name} autocomplete="name" />
      <Line chat={chat} say={say} field="contact" value={contact} autocomplete="email" />
      <Line chat={chat} say={say} field="topic" value={topic} autocomplete="off" />
      <Around field="text" chat={chat} say={say}>
        {(described) => (
          <textarea
            {...described}
            rows={4}
            dir="auto"
            value={chat.draft}
            onInput={({ currentTarget }) => chat.fillIn({ text: currentTarget.value })}
          />
        )}
      </Around>
      <div class="field">
        <label class="choice">
          <input
            type="checkbox"
            id="form-consent"
            checked={consent}
            required
            {...wrongness(chat, 'consent')}
            onChange={({ currentTarget }) => chat.fillIn({ consent: currentTarget.checked })}
          />
          <span>{say('form.consent')}</span>
        </label>
        <Wrong chat={chat} field="consent" say={say} />
      </div>
      <button class="button" type="submit">
        {say('form.send')}
      </button>
      {children}
    </form>
  )
}

/** How it stands with what was handed in. The focus comes here: the form that had it is gone. */
function Told(props: { words: string; icon: 'clock' | 'check'; body: string; children: ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (document.activeElement === document.body) place.current?.focus()
  }, [])
  return (
    <div class="form told" ref={place} tabIndex={-1}>
      <p class="lead" role="status">
        <Icon name={props.icon} size={20} />
        <span>{props.words}</span>
      </p>
      <blockquote dir="auto">{props.body}</blockquote>
      <div class="line">{props.children}</div>
    </div>
  )
}

type LineProps = { chat: Chat; say: Say; field: 'name' | 'contact' | 'topic'; value: string; autocomplete: string }

const Line = ({ chat, say, field, value, autocomplete }: LineProps) => (
  <Around field={field} chat={chat} say={say}>
    {(described) => (
      <input
        {...described}
        type="text"
        dir="auto"
        value={value}
        autocomplete={autocomplete}
        onInput={({ currentTarget }) => chat.fillIn({ [field]: currentTarget.value })}
      />
    )}
  </Around>
)

type Described = { id: string; class: string; required: boolean; 'aria-invalid'?: true; 'aria-describedby'?: string }

type AroundProps = {
  chat: Chat
  say: Say
  field: Exclude<Field, 'consent'>
  children: (described: Described) => JSX.Element
}

function Around({ chat, say, field, children }: AroundProps) {
  const id = `form-${field}`
  const classes = field === 'name' ? 'input first' : 'input'
  return (
    <div class="field">
      <label for={id}>{say(`form.${field}`)}</label>
      {children({ id, class: classes, required: field !== 'topic', ...wrongness(chat, field) })}
      <Wrong chat={chat} field={field} say={say} />
    </div>
  )
}

const wrongness = ({ feedback }: Chat, field: Field) =>
  feedback.errors[field] ? ({ 'aria-invalid': true, 'aria-describedby': `form-${field}-error` } as const) : {}

function Wrong({ chat, field, say }: { chat: Chat; field: Field; say: Say }) {
  const error = chat.feedback.errors[field]
  return error ? (
    <p class="error" id={`form-${field}-error`}>
      <Icon name="alert" />
      <span>{say(error)}</span>
    </p>
  ) : null
}
