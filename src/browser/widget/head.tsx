import { useEffect, useRef, useState } from 'preact/hooks'
import type { Say } from '../../catalogues/widget-words.ts'
import { hueOf, initials } from '../../../views/ui/face.ts'
import type { Chat } from './chat.ts'
import { Icon } from './icons.tsx'
import type { Author } from './protocol.ts'
import { offerOf, presenceOf } from './state.ts'
import type { When } from './when.ts'

export function Head({ chat, say, when }: { chat: Chat; say: Say; when: When }) {
  const { known } = chat.connection
  const name = known.site?.name || say('title')
  const agent = offerOf(chat) === 'chat' && known.conversation?.state === 'active' ? lastAgent(chat) : null
  const presence = presenceOf(known, chat.connection.status)
  const words = [agent?.title, presence && say(...presence.words(when))].filter(Boolean).join(' · ')
  return (
    <header>
      <span class="mark" data-online={presence?.online || undefined}>
        {agent ? <Face key={agent.id} agent={agent} /> : <Logo hash={known.settings.logo} />}
      </span>
      <div>
        <h1>
          <bdi>{agent?.name ? `${agent.name}, ${name}` : name}</bdi>
        </h1>
        {words && (
          <p>
            <bdi>{words}</bdi>
          </p>
        )}
      </div>
      <Menu chat={chat} say={say} />
      <button type="button" class="icon-button" aria-label={say('close')} onClick={() => chat.close()}>
        <Icon name="chevronDown" size={20} />
      </button>
    </header>
  )
}

const lastAgent = (chat: Chat): Author | null =>
  chat.entries.findLast(({ author }) => author.kind === 'agent')?.author ?? null

/** Letters until there is a picture that can be shown. */
function Face({ agent: { id = '', name = '', photo } }: { agent: Author }) {
  const [broken, setBroken] = useState('')
  if (photo && photo !== broken) {
    return <img class="face-of" src={`/pictures/${photo}`} alt="" onError={() => setBroken(photo)} />
  }
  return (
    <span class="face-of" data-hue={hueOf(id)} aria-hidden="true">
      {initials(name) || <Icon name="speech" size={20} />}
    </span>
  )
}

function Logo({ hash }: { hash: string | null }) {
  const [broken, setBroken] = useState('')
  if (hash && hash !== broken) {
    return <img class="logo" src={`/pictures/${hash}`} alt="" onError={() => setBroken(hash)} />
  }
  return <Icon name="speech" size={20} />
}

function Menu({ chat, say }: { chat: Chat; say: Say }) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    menu.current?.querySelector('input')?.focus()
    const elsewhere = ({ target }: Event) => {
      const inside = menu.current?.contains(target as Node) || button.current?.contains(target as Node)
      if (!inside) setOpen(false)
    }
    document.addEventListener('pointerdown', elsewhere)
    document.addEventListener('focusin', elsewhere)
    return () => {
      document.removeEventListener('pointerdown', elsewhere)
      document.removeEventListener('focusin', elsewhere)
    }
  }, [open])

  function pressed(event: KeyboardEvent) {
    if (event.key !== 'Escape' || !open) return
    event.stopPropagation()
    setOpen(false)
    button.current?.focus()
  }

  return (
    <div class="menu-place" onKeyDown={pressed}>
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-label={say('more')}
        aria-expanded={open}
        aria-controls="menu"
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" size={20} />
      </button>
      <div id="menu" class="menu" ref={menu} hidden={!open}>
        <label>
          <input
            type="checkbox"
            role="switch"
            checked={!chat.wishes.has('silent')}
            onChange={({ currentTarget }) => chat.wish('silent', !currentTarget.checked)}
          />
          <span>{say('sound')}</span>
        </label>
      </div>
    </div>
  )
}
