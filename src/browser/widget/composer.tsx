import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Say } from '../../catalogues/widget-words.ts'
import type { Chat } from './chat.ts'
import type { Extras } from './extras.ts'
import { Icon } from './icons.tsx'

const maxLength = 8000
const maxRows = 5

type Props = { chat: Chat; field: RefObject<HTMLTextAreaElement | null>; say: Say; extras: Extras }

export function Composer({ chat, field, say, extras }: Props) {
  const [emoji, setEmoji] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const caret = useRef<number | null>(null)
  const tooMany = chat.draft.length - maxLength

  function send(event: Event) {
    event.preventDefault()
    if (tooMany <= 0) chat.send(chat.draft)
    setEmoji(false)
    field.current?.focus()
  }

  function pressed(event: KeyboardEvent) {
    // Enter also ends a word in Japanese, Chinese and Korean input; Safari says so by 229 alone.
    const composing = event.isComposing || event.keyCode === 229
    if (event.key === 'Enter' && !event.shiftKey && !composing) send(event)
  }

  function pick(one: string) {
    const box = field.current
    const [from, to] = box ? [box.selectionStart, box.selectionEnd] : [chat.draft.length, chat.draft.length]
    caret.current = from + one.length
    chat.type(chat.draft.slice(0, from) + one + chat.draft.slice(to))
  }

  useLayoutEffect(() => {
    if (caret.current === null) return
    field.current?.setSelectionRange(caret.current, caret.current)
    caret.current = null
  })

  function closeEmoji(event: KeyboardEvent) {
    if (event.key !== 'Escape' || !emoji) return
    event.stopPropagation()
    setEmoji(false)
    button.current?.focus()
  }

  return (
    <form class="write" onSubmit={send} onKeyDown={closeEmoji}>
      {tooMany > 0 && (
        <p class="too-long" id="too-long" role="status">
          {say('tooLong', { count: tooMany })}
        </p>
      )}
      {emoji && <EmojiPlace say={say} extras={extras} pick={pick} />}
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-label={say('emoji')}
        aria-expanded={emoji}
        onClick={() => setEmoji(!emoji)}
      >
        <Icon name="smile" size={20} />
      </button>
      <textarea
        ref={field}
        class="first"
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
      <button class="go" type="submit" aria-label={say('send')} aria-disabled={tooMany > 0 || chat.draft.trim() === ''}>
        <Icon name="arrowUp" size={20} />
      </button>
    </form>
  )
}

function EmojiPlace({ say, extras, pick }: { say: Say; extras: Extras; pick: (one: string) => void }) {
  const place = useRef<HTMLDivElement>(null)
  const [failed, setFailed] = useState(false)
  const latest = useRef(pick)
  latest.current = pick
  useEffect(() => {
    if (place.current) extras.showEmoji(place.current, say, (one) => latest.current(one)).catch(() => setFailed(true))
  }, [])
  return (
    <div class="emoji">
      {failed && <p role="status">{say('emoji.failed')}</p>}
      <div ref={place} />
    </div>
  )
}
