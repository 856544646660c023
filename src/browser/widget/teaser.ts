import { hostWords } from '../../catalogues/host-words.ts'
import type { Handover } from './mount.ts'
import type { FrameEvent } from './port.ts'

type Message = Extract<FrameEvent, { name: 'message' }>['detail']

const cross = 'M18 6 6 18M6 6l12 12'

/** What shows on a closed launcher that an answer has come: a number on it, and the answer itself beside it. */
export function makeTeaser({ launcher, setOpen }: Handover) {
  const { box, button, draw } = launcher
  const badge = draw.element('span', { class: 'unread', 'aria-hidden': 'true', hidden: '' })
  const avatar = draw.element('span', { class: 'avatar', 'aria-hidden': 'true' })
  const who = draw.element('bdi', { class: 'who' })
  const what = draw.element('span', { class: 'what', dir: 'auto' })
  const opener = draw.element('button', { type: 'button', class: 'open' }, avatar, who, what)
  const closer = draw.button('icon', '', draw.icon(16, cross))
  const teaser = draw.element('div', { class: 'teaser', hidden: '' }, opener, closer)
  // Always there: a live region that appears together with its text is not read out.
  const spoken = draw.element('p', { class: 'unseen', role: 'status' })

  function hide() {
    const held = teaser.contains(launcher.root.activeElement)
    teaser.hidden = true
    spoken.textContent = ''
    if (held && !button.hidden) button.focus()
  }

  const open = () => setOpen(true)

  function pressed({ key }: KeyboardEvent) {
    if (key === 'Escape') hide()
  }

  function listen() {
    opener.addEventListener('click', open)
    closer.addEventListener('click', hide)
    teaser.addEventListener('keydown', pressed)
  }

  listen()
  launcher.hang(badge)
  box.append(teaser, spoken)

  return {
    hide,
    /** The page was written anew, and took every listener away. */
    again: listen,
    show({ author, text }: Message) {
      // Where the launcher may not be, neither may this.
      if (button.hidden) return
      avatar.textContent = initialsOf(author.name)
      who.textContent = author.name
      what.textContent = text
      closer.setAttribute('aria-label', hostWords(launcher.locale()).hide)
      teaser.hidden = false
      spoken.textContent = author.name ? `${author.name}: ${text}` : text
    },
    count(unread: number, name: string) {
      badge.hidden = unread === 0
      // Drawn by the style sheet: as text it would be part of what is written on the button.
      badge.dataset.count = unread > 99 ? '99+' : `${unread}`
      launcher.nameIt(unread ? name : '')
      if (unread === 0) hide()
    },
  }
}

const initialsOf = (name: string) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.slice(0, word.codePointAt(0)! > 0xffff ? 2 : 1))
    .join('')
    .toUpperCase()
