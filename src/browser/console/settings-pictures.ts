// A picture that is chosen is uploaded at once; the form keeps its name.
export function startPictures(): void {
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('.picture-field [data-do]') : null
    const field = button?.closest<HTMLElement>('.picture-field')
    if (!button || !field) return
    if (button.dataset.do === 'picture') field.querySelector<HTMLInputElement>('[data-picture]')?.click()
    else if (button.dataset.do === 'picture-remove') {
      put(field, '')
      field.querySelector<HTMLElement>('[data-do="picture"]')?.focus()
    }
  })
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.dataset.picture === undefined) return
    const [file] = target.files ?? []
    const field = target.closest<HTMLElement>('.picture-field')
    if (file && field) void upload(field, file).finally(() => (target.value = ''))
  })
}

async function upload(field: HTMLElement, file: File): Promise<void> {
  say(field, field.dataset.sending ?? '')
  try {
    const headers = { Accept: 'application/json', 'Content-Type': 'application/octet-stream' }
    const answer = await fetch('/settings/pictures', { method: 'POST', headers, body: file })
    const told = (await answer.json()) as { hash?: string; message?: string }
    if (told.hash !== undefined) return put(field, told.hash)
    say(field, told.message ?? '', true)
  } catch {
    const unreachable = document.querySelector<HTMLTemplateElement>('#unreachable')
    say(field, unreachable?.content.textContent ?? '', true)
  }
}

function put(field: HTMLElement, hash: string): void {
  const kept = field.querySelector<HTMLInputElement>('input[type="hidden"]')
  const image = field.querySelector('img')
  const remove = field.querySelector<HTMLElement>('[data-do="picture-remove"]')
  if (!kept || !image || !remove) return
  kept.value = hash
  image.hidden = remove.hidden = hash === ''
  if (hash === '') image.removeAttribute('src')
  else image.src = `/pictures/${hash}`
  say(field, '')
  kept.dispatchEvent(new Event('input', { bubbles: true }))
}

function say(field: HTMLElement, words: string, failed = false): void {
  const place = field.querySelector<HTMLElement>('.picture-said')
  if (!place) return
  const line = document.createElement('p')
  line.className = failed ? 'error' : 'hint'
  line.textContent = words
  place.replaceChildren(...(words === '' ? [] : [line]))
}
