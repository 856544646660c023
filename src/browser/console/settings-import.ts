import { toast } from './toast.ts'

// A file of templates: looked through by the server first, shown, and taken in piece by piece once somebody says so.
const address = '/settings/templates/import'
let file: File | null = null

export function startImport(): void {
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.id !== 'templates-file') return
    file = target.files?.[0] ?? null
    // The same file, mended, is a change again.
    target.value = ''
    if (file && file.size > Number(target.dataset.most)) return sayRefused(target.dataset.tooLarge ?? '')
    if (file) void preview(file)
  })
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('[data-do="import"]') : null
    if (button && file) void takeIn(button, file)
  })
}

async function preview(chosen: File): Promise<void> {
  const answer = await post(`${address}/preview`, chosen, 'text/html')
  const html = (await answer?.text()) ?? ''
  const template = document.createElement('template')
  template.innerHTML = html
  const dialog = template.content.querySelector('dialog')
  if (!answer?.ok || !dialog) return sayRefused(template.content.textContent?.trim() ?? '')
  document.querySelector('#templates-import')?.remove()
  document.body.append(dialog)
  dialog.addEventListener('close', () => dialog.remove())
  dialog.showModal()
}

function sayRefused(words: string): void {
  const away = document.querySelector<HTMLTemplateElement>('#unreachable')?.content.textContent?.trim() ?? ''
  toast(words || away, { failed: true })
}

type Piece = { done: number; total: number } | { why: string }

/** Fifty lines at a time; what is in stays in when the window is closed in between. */
async function takeIn(button: HTMLButtonElement, chosen: File): Promise<void> {
  const dialog = button.closest('dialog')
  const body = dialog?.querySelector<HTMLElement>('.import-body')
  const bar = body?.querySelector('progress')
  const failed = body?.querySelector<HTMLElement>('[role="alert"][data-failed]')
  if (!dialog || !body || !bar || !failed) return
  button.disabled = true
  failed.hidden = true
  bar.closest('p')?.removeAttribute('hidden')
  for (let done = 0, total = 1; done < total && dialog.open; ) {
    const piece = await pieceFrom(done, chosen)
    if ('why' in piece) {
      failed.textContent = piece.why || (body.dataset.failed ?? '')
      failed.hidden = false
      button.disabled = false
      return
    }
    ;({ done, total } = piece)
    bar.value = done
  }
  if (!dialog.open) return
  toast(body.dataset.done ?? '')
  dialog.close()
  document.body.dispatchEvent(new CustomEvent('templates-changed'))
}

async function pieceFrom(from: number, chosen: File): Promise<Piece> {
  const answer = await post(`${address}?from=${from}`, chosen, 'application/json')
  if (answer?.ok) return (await answer.json()) as Piece
  const told = (await answer?.json().catch(() => null)) as { message?: string } | null
  return { why: told?.message ?? '' }
}

async function post(to: string, body: File, accept: string): Promise<Response | null> {
  try {
    const headers = { Accept: accept, 'Content-Type': 'application/octet-stream', 'HX-Request': 'true' }
    return await fetch(to, { method: 'POST', headers, body })
  } catch {
    return null
  }
}
