import type { ToFrame, ToLoader } from './port.ts'
import type { Page } from './protocol.ts'
import { Turn } from './turn.ts'
import type { Vault } from './vault.ts'

export type Keeper = ReturnType<typeof makeKeeper>

type Ends = {
  vault: Vault
  navigator: { locks?: LockManager }
  document: Pick<Document, 'visibilityState'>
  page: () => Page
  now: () => number
  close: () => void
  unread: (count: number, label: string) => void
}

/** Serves the frame from the shop page's storage, and passes on what other tabs do. */
export function makeKeeper({ vault, navigator, document, page, now, close, unread }: Ends) {
  let post: ((message: ToFrame) => void) | null = null
  const tell = (message: ToFrame) => post?.(message)

  const turn = new Turn(navigator.locks, vault.lockName, document, (granted) => {
    // Another tab may have had its turn meanwhile: what waits is read anew.
    if (granted) for (const item of vault.items()) tell({ type: 'item', item, kept: vault.isKept(item) })
    tell({ type: 'drain', granted })
  })

  async function take(message: ToLoader) {
    switch (message.type) {
      case 'close':
        return close()
      case 'unread':
        return unread(message.count, message.label)
      case 'keep': {
        const { order = vault.nextOrder(now()), page: where = page(), ...rest } = message.item
        const item = { ...rest, order, page: where }
        return tell({ type: 'item', item, kept: vault.keep(item) })
      }
      case 'drop':
        return vault.drop(message.clientId)
      case 'token':
        return tell({ type: 'token', token: await vault.adoptToken(message.token, message.was) })
      case 'draft':
        return vault.writeDraft(message.text)
      case 'read':
        return vault.writeMark(message.seq)
      case 'wishes':
        return vault.writeWishes(message.wishes)
      case 'drain':
        return turn.ask()
      case 'drained':
        return turn.end()
      default:
    }
  }

  return {
    take,
    /** A frame has come up and listens to `to`. */
    start(to: (message: ToFrame) => void, open: boolean, quiet = false) {
      turn.end()
      post = to
      const [token, items, draft, readMark] = [vault.token(), vault.items(), vault.readDraft(), vault.readMark()]
      const wishes = vault.readWishes()
      tell({ type: 'start', token, items, draft, readMark, open, ...(wishes && { wishes }), ...(quiet && { quiet }) })
    },
    setOpen: (open: boolean, quiet = false) => tell({ type: 'open', open, ...(quiet && { quiet }) }),
    /** Answers whether another tab has begun a conversation. */
    otherTab(event: StorageEvent): boolean {
      const change = vault.changeOf(event)
      if (change) tell(change)
      return change?.type === 'token'
    },
    /** The widget goes from this page, and what it kept is forgotten. */
    end() {
      post = null
      turn.end()
      vault.close()
    },
  }
}
