/** Copies a text; answers whether it could. Plain http and a frame of a shop that gives it no leave have no clipboard. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyByCommand(text)
  }
}

function copyByCommand(text: string): boolean {
  const focused = document.activeElement as HTMLElement | null
  const place = document.createElement('textarea')
  place.className = 'unseen'
  place.readOnly = true
  place.value = text
  document.body.append(place)
  place.focus({ preventScroll: true })
  place.select()
  const copied = document.execCommand('copy')
  place.remove()
  focused?.focus({ preventScroll: true })
  return copied
}
