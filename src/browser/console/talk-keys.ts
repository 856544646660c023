import { action, pressing } from './keys.ts'
import { find, openConversation } from './place.ts'
import { toLatest } from './view.ts'
import { visit } from './visit.ts'

/** What can be done with the open conversation by key and from the palette. */
export function startTalkKeys(): void {
  const isOpen = () => openConversation() !== null
  action({ name: 'take', keys: ['t'], ...pressing('#take') })
  action({ name: 'answer', keys: ['r'], when: () => find('#body')?.checkVisibility() ?? false, run: answer })
  action({ name: 'finish', keys: ['x'], ...pressing('#finish') })
  action({ name: 'reopen', keys: ['shift+x'], ...pressing('#reopen') })
  action({ name: 'latest', keys: ['l'], when: isOpen, run: () => void toLatest() })
  action({ name: 'back', keys: ['Escape'], when: isOpen, run: back })
}

const answer = () => find('#body')?.focus({ preventScroll: true })

/** Back to the list: on a desk with the focus alone, so that keys are no letters of an answer any more. */
function back(): void {
  const row = find('#rows [aria-current]') ?? find('#rows a')
  if (row?.checkVisibility()) return row.focus()
  const address = find<HTMLAnchorElement>('#conversation .to-list')?.href
  if (address !== undefined && find('.console')?.dataset.screen !== 'list') void visit(address)
}
