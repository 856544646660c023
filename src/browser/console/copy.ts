/** Buttons that copy the text of another element, and say for a moment that they did. */
export function startCopying(): void {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('button[data-copy]')
    const source = document.getElementById(button?.dataset.copy ?? '')
    if (button && source) void copy(source).then((copied) => copied && sayCopied(button))
  })
}

async function copy(source: HTMLElement): Promise<boolean> {
  getSelection()?.selectAllChildren(source)
  try {
    await navigator.clipboard.writeText(source.textContent ?? '')
    return true
  } catch {
    // Plain http has no clipboard of its own: the text stays selected for the old command, or for the reader.
    return document.execCommand('copy')
  }
}

/** Copies a text of our own making. False where the browser does not let us. */
export async function copyText(text: string): Promise<boolean> {
  const place = document.createElement('span')
  place.textContent = text
  document.body.append(place)
  try {
    return await copy(place)
  } finally {
    place.remove()
  }
}

function sayCopied(button: HTMLButtonElement): void {
  const before = button.textContent
  if (before === button.dataset.copied) return
  button.textContent = button.dataset.copied ?? before
  setTimeout(() => {
    button.textContent = before
  }, 2000)
}
