import { action, pressing } from './keys.ts'
import { find } from './place.ts'

export function startListKeys(): void {
  action({ name: 'next', keys: ['j', 'alt+ArrowDown'], repeats: true, ...beside(1) })
  action({ name: 'previous', keys: ['k', 'alt+ArrowUp'], repeats: true, ...beside(-1) })
  action({ name: 'waiting', keys: ['g w'], ...pressing('#folders [data-folder="waiting"]') })
  action({ name: 'active', keys: ['g a'], ...pressing('#folders [data-folder="active"]') })
  action({ name: 'finished', keys: ['g f'], ...pressing('#folders [data-folder="finished"]') })
  action({ name: 'unread', keys: ['u'], ...pressing('#filter-unread') })
  action({ name: 'zones', keys: ['s z'], ...pressing('#filter-zone') })
  action({ name: 'users', keys: ['s u'], ...pressing('#filter-users') })
  action({ name: 'system', keys: ['s s'], ...pressing('#filter-system') })
  action({ name: 'read_all', keys: ['shift+a'], ...pressing('#read-all:enabled') })
  action({ name: 'away', keys: ['o'], when: () => otherPresence() !== null, run: () => otherPresence()?.click() })
}

/** The row after or before the one that is open; the first one where none is. */
function beside(step: 1 | -1) {
  const link = (): HTMLAnchorElement | undefined => {
    const links = [...document.querySelectorAll<HTMLAnchorElement>('#rows a.row')]
    const open = links.findIndex((one) => one.matches('[aria-current]'))
    return open < 0 ? links[0] : links[open + step]
  }
  return {
    when: () => link() !== undefined,
    run: () => {
      const next = link()
      next?.scrollIntoView({ block: 'nearest' })
      next?.click()
    },
  }
}

// In a menu that is closed: pressed all the same.
const otherPresence = () => find('#presence-menu [aria-checked="false"]')
