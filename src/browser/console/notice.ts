import { ring, startBell } from './bell.ts'
import { allowed, mayAsk, showNotification } from './desktop.ts'
import { noticeSettings, setNotices } from './notice-settings.ts'
import { isMyTurn, startTurns } from './notice-turn.ts'
import { find, openConversation } from './place.ts'

/** What the server says is worth a sound: that a conversation begins to wait, or a message in one of mine. */
export type Notice = { kind: string; conversationId: string; seq: number; who: string; words: string }

export function startNotices(): void {
  startBell()
  startTurns()
  document.addEventListener('click', ({ target }) => {
    const answer = (target as Element).closest<HTMLElement>('#notices-ask [data-ask]')?.dataset.ask
    if (answer !== undefined) void answered(answer === 'yes')
  })
}

export async function noticed(frame: Record<string, unknown>): Promise<void> {
  const notice = noticeOf(frame)
  if (!notice) return
  if (notice.kind === 'conversation') askOnce()
  if (!(await isMyTurn(`${notice.conversationId}.${notice.seq}`))) return
  // Whoever looks at it sees it come.
  const seen = document.hasFocus() && openConversation()?.id === notice.conversationId
  const { sound, desktop } = noticeSettings()
  if (sound && !seen) ring()
  if (desktop && !document.hasFocus()) await showNotification(notice)
}

function noticeOf({ kind, conversationId, seq, who, words }: Record<string, unknown>): Notice | null {
  if (typeof conversationId !== 'string' || typeof who !== 'string' || typeof words !== 'string') return null
  return { kind: String(kind), conversationId, seq: Number(seq), who, words }
}

/** Where the list ends, so that nothing moves under the pointer. */
function askOnce(): void {
  if (noticeSettings().asked || !mayAsk() || find('#notices-ask')) return
  const ask = find<HTMLTemplateElement>('#notices-ask-template')?.content.cloneNode(true)
  if (ask) find('#inbox')?.append(ask)
}

async function answered(wanted: boolean): Promise<void> {
  find('#notices-ask')?.remove()
  setNotices({ asked: true })
  if (wanted) setNotices({ desktop: await allowed() })
}
