import { find } from './place.ts'

/** Opens a dialog, which is fetched when it is first wanted. `prepare` fits it to the moment before it is seen. */
export async function openDialog(id: string, prepare: (dialog: HTMLDialogElement) => void): Promise<void> {
  const dialog = find<HTMLDialogElement>(`dialog#${id}`) ?? (await fetchDialog(id))
  if (!dialog || dialog.open) return
  prepare(dialog)
  // Where `closedby` is not known yet.
  dialog.onclick = ({ target }) => {
    if (target === dialog) dialog.close()
  }
  dialog.showModal()
}

async function fetchDialog(id: string): Promise<HTMLDialogElement | null> {
  try {
    const response = await fetch(`/dialogs/${id}`, { headers: { 'HX-Request': 'true', Accept: 'text/html' } })
    if (response.status === 401) location.reload()
    const template = document.createElement('template')
    template.innerHTML = response.ok ? await response.text() : ''
    const dialog = template.content.querySelector('dialog')
    // Pressed twice in a hurry.
    const other = find<HTMLDialogElement>(`dialog#${id}`)
    if (other) return other
    if (dialog) document.body.append(dialog)
    return dialog
  } catch {
    const said = find<HTMLTemplateElement>('#unreachable')?.content.cloneNode(true)
    if (said) find('#toasts')?.append(said)
    return null
  }
}
