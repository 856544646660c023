import { isOpen, messages, openConversation, signInAgain } from './place.ts'

const pageSize = 200

const seqOf = (row: Element): number => Number((row as HTMLElement).dataset.seq)

const keptRows = (): HTMLElement[] => [...(messages()?.querySelectorAll<HTMLElement>('li[data-seq]') ?? [])]

/** The newest entry shown; 0 when there is none. */
export const lastSeq = (): number => Math.max(0, ...keptRows().map(seqOf))

/**
 * Puts the rows in order, whatever brought them: each entry once, by its seq, an answer of ours in the place of its
 * pending copy, and what is still pending at the end. Asks for what is missing: an agent's log has no holes.
 */
export function tidy(): void {
  const list = messages()
  if (!list) return
  const seen = new Map<number, HTMLElement>()
  for (const row of keptRows()) {
    if (seen.has(seqOf(row))) row.remove()
    else seen.set(seqOf(row), row)
    dropPendingOf(row)
  }
  const seqs = [...seen.keys()]
  const inOrder = seqs.toSorted((a, b) => a - b)
  if (seqs.some((seq, place) => seq !== inOrder[place])) {
    list.prepend(...inOrder.flatMap((seq) => seen.get(seq) ?? []))
  }
  keepPendingLast(list)
  const hole = inOrder.findIndex((seq, place) => place > 0 && seq !== (inOrder[place - 1] ?? 0) + 1)
  if (hole > 0) void catchUp(inOrder[hole - 1])
}

function dropPendingOf(row: HTMLElement): void {
  const { clientId } = row.dataset
  if (clientId === undefined) return
  messages()?.querySelector(`li[data-state][data-client-id="${CSS.escape(clientId)}"]`)?.remove()
}

function keepPendingLast(list: HTMLElement): void {
  const pending = [...list.querySelectorAll<HTMLElement>('li[data-state]')]
  const last = [...list.children].slice(-pending.length)
  if (pending.some((row, place) => row !== last[place])) list.append(...pending)
}

/** Adds rows of a conversation that came as HTML of our own server. -1 when another one is open by now. */
export function addRows(conversationId: string, html: string): number {
  if (!isOpen(conversationId)) return -1
  const template = document.createElement('template')
  template.innerHTML = html
  const rows = template.content.querySelectorAll('li[data-seq]')
  messages()?.append(...rows)
  tidy()
  return rows.length
}

let catchingUp: { id: string; done: Promise<void> } | null = null

/** Fetches what came after `from` (or after what is shown) until nothing is left. One at a time. */
export function catchUp(from?: number): Promise<void> {
  const id = openConversation()?.id
  if (id === undefined) return Promise.resolve()
  if (catchingUp?.id === id) return catchingUp.done
  const mine = { id, done: Promise.resolve() }
  mine.done = fetchAfter(id, from).finally(() => {
    if (catchingUp === mine) catchingUp = null
  })
  catchingUp = mine
  return mine.done
}

async function fetchAfter(conversationId: string, from = lastSeq()): Promise<void> {
  for (let after = from; ; after = Math.max(after + 1, lastSeq())) {
    let response: Response
    try {
      response = await fetch(`/c/${conversationId}/entries?after=${after}`, { headers: { 'HX-Request': 'true' } })
    } catch {
      return
    }
    if (response.status === 401) return signInAgain()
    if (!response.ok || addRows(conversationId, await response.text()) < pageSize) return
  }
}
