import type { RefObject } from 'preact'
import type { Say } from '../../catalogues/widget-words.ts'
import type { Chat } from './chat.ts'
import { Icon } from './icons.tsx'

const maxLength = 8000
const maxRows = 5

export function Composer({ chat, field, say }: { chat: Chat; field: RefObject<HTMLTextAreaElement | null>; say: Say }) {
  const tooMany = chat.draft.length - maxLength
  const blocked = tooMany > 0 || chat.connection.known.site?.chatEnabled === false

  function send(event: Event) {
    event.preventDefault()
    if (!blocked) chat.send(chat.draft)
    field.current?.focus()
  }

  function pressed(event: KeyboardEvent) {
    // Enter also ends a word in Japanese, Chinese and Korean input.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send(event)
  }

  return (
    <form class="write" onSubmit={send}>
      {tooMany > 0 && (
        <p class="too-long" id="too-long" role="status">
          {say('tooLong', { count: tooMany })}
        </p>
      )}
      <textarea
        ref={field}
        rows={Math.min(maxRows, chat.draft.split('\n').length)}
        placeholder={say('message')}
        aria-label={say('message')}
        aria-invalid={tooMany > 0}
        aria-describedby={tooMany > 0 ? 'too-long' : undefined}
        dir="auto"
        enterkeyhint="send"
        value={chat.draft}
        onInput={({ currentTarget }) => chat.type(currentTarget.value)}
        onKeyDown={pressed}
      />
      <button class="go" type="submit" aria-label={say('send')} aria-disabled={blocked || chat.draft.trim() === ''}>
        <Icon name="arrowUp" size={20} />
      </button>
    </form>
  )
}
