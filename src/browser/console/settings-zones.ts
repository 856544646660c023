import { ask } from './ask.ts'
import { find } from './place.ts'
import { startDragging } from './settings-drag.ts'
import { toast } from './toast.ts'

/** The order of the delivery zones. Nothing on other pages. */
export function startZones(): void {
  if (!find('#zones')) return
  const news = () => document.body.dispatchEvent(new CustomEvent('zones-changed'))
  startDragging({
    rows: '#zone-rows',
    row: '[data-zone]',
    grip: '[data-zone-grip]',
    list: '#zones',
    put: (row) => void place(row).then(news),
    ask: news,
  })
}

/** Says behind which one it stands now; where that cannot be kept, the list is asked for as it is. */
async function place(row: HTMLElement): Promise<void> {
  const before = row.previousElementSibling as HTMLElement | null
  const number = `${[...(row.parentElement?.children ?? [])].indexOf(row) + 1}`
  const after = new URLSearchParams({ after: before?.dataset.zone ?? '' })
  const done = await ask('PUT', `/settings/zones/${row.dataset.zone}/place`, after)
  if (!done?.ok) return toast(find('#zones')?.dataset.failed ?? '', { failed: true })
  const said = find('#zones-moved')
  const words = (said?.dataset.words ?? '').replace('…name…', () => row.dataset.name ?? '').replace('…place…', number)
  if (said) said.textContent = words
}
