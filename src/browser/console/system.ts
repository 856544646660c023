import { find, onMove, onOpen } from './place.ts'

let told = 0

/** Tells the server how far the system's messages have been read, while somebody can see them. */
export function startSystem(): void {
  document.addEventListener('visibilitychange', tellRead)
  document.addEventListener('htmx:after:swap', tellRead)
  onOpen(arrived)
  onMove(arrived)
}

function arrived(): void {
  tellRead()
  const asked = new URL(location.href).searchParams.get('m')
  const pane = find('#conversation[data-pane="system"]')
  for (const one of pane?.querySelectorAll<HTMLElement>('li[id^="m-"]') ?? []) {
    if (one.id === `m-${asked}`) one.setAttribute('aria-current', 'true')
    else one.removeAttribute('aria-current')
  }
  pane?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
}

function tellRead(): void {
  const pane = find('#conversation[data-pane="system"]')
  const to = Number(pane?.dataset.to ?? 0)
  if (!pane || to <= told || document.visibilityState !== 'visible' || pane.getClientRects().length === 0) return
  const before = told
  told = to
  void fetch(`/system/read?to=${to}`, { method: 'PUT' })
    .then((response) => response.ok)
    .catch(() => false)
    .then((wasTold) => {
      if (!wasTold) told = Math.min(told, before)
    })
}
