import { openLog } from './log.ts'
import { isOpen, onOpen } from './place.ts'

let toldRead = 0

export function startReading(): void {
  document.addEventListener('visibilitychange', tellRead)
  onOpen(() => {
    toldRead = 0
  })
}

/** Tells the server how far this window has been read, while somebody can see it, and what the visitor says is shown. */
export function tellRead(): void {
  const log = openLog()
  if (document.visibilityState !== 'visible' || !log || log.to <= toldRead) return
  if ((log.side !== null && log.side !== 'visitor') || log.list.getClientRects().length === 0) return
  const { id, to: seq } = log
  const before = toldRead
  toldRead = seq
  void fetch(`/c/${id}/read`, { method: 'PUT', body: new URLSearchParams({ seq: `${seq}` }) })
    .then((response) => response.ok)
    .catch(() => false)
    .then((told) => {
      if (!told && isOpen(id)) toldRead = Math.min(toldRead, before)
    })
}
