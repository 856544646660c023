import { useRef, useState } from 'preact/hooks'
import type { Say, WidgetKey } from '../../catalogues/widget-words.ts'
import type { Chat } from './chat.ts'
import { emailError } from './contact-fields.ts'
import { Icon } from './icons.tsx'
import { reasonOf } from './reasons.ts'
import { TextButton } from './text-button.tsx'

/** Asks for an address to be answered at, without standing in anybody's way. */
export function EmailCard({ chat, say }: { chat: Chat; say: Say }) {
  const field = useRef<HTMLInputElement>(null)
  const given = chat.outbox.items.find(({ kind }) => kind === 'email')
  const [wrong, setWrong] = useState<WidgetKey | null>(null)
  if (given && !given.failed) {
    return (
      <li class="event" role="status">
        {say('email.pending', { email: given.body })}
      </li>
    )
  }

  function leave(event: Event) {
    event.preventDefault()
    const address = field.current?.value ?? ''
    const error = emailError(address)
    setWrong(error)
    if (error) field.current?.focus()
    else chat.leaveEmail(address)
  }

  const error = wrong ? say(wrong) : given?.failed ? reasonOf(given.failed, say) : null
  return (
    <li class="card">
      <form noValidate onSubmit={leave}>
        <label for="email">{say('email.ask')}</label>
        <div class="line">
          <input
            ref={field}
            class="input"
            id="email"
            type="email"
            dir="ltr"
            autocomplete="email"
            placeholder={say('email.label')}
            defaultValue={given?.body}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? 'email-error' : undefined}
            onInput={() => setWrong(null)}
          />
          <button class="button" type="submit">
            {say('email.leave')}
          </button>
        </div>
        {error && (
          <p class="error" id="email-error">
            <Icon name="alert" />
            <span>{error}</span>
          </p>
        )}
        <TextButton words={say('email.skip')} press={() => chat.wish('no-email', true)} />
      </form>
    </li>
  )
}
