import { toast } from './toast.ts'

/** Buttons that copy the text of another element. That they did is said beside the page: the button may be made anew meanwhile. */
export function startCopying(): void {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('button[data-copy]')
    const source = document.getElementById(button?.dataset.copy ?? '')
    if (button && source) void copy(source).then((copied) => copied && toast(button.dataset.copied ?? ''))
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
