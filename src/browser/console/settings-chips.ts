// A line of addresses as chips: each can be taken away by itself, and the ones that are wrong are marked. What is sent is
// the line, so that without this script it is a field like any other.
const between = /[\s,;]+/

export function startChips(): void {
  decorate()
  new MutationObserver(decorate).observe(document.body, { childList: true, subtree: true })
}

function decorate(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>('input[data-chips]')) {
    makeChips(field)
  }
}

function makeChips(given: HTMLInputElement): void {
  const field = keptIn(given)
  const box = document.createElement('div')
  box.className = 'input many'
  box.setAttribute('role', 'group')
  box.setAttribute('aria-label', given.labels?.[0]?.textContent ?? '')
  const typing = typingIn(given)
  given.replaceWith(box)
  box.append(field, typing)
  show(box, field, typing)
  typing.addEventListener('keydown', (event) => keyIn(event, box, field, typing))
  typing.addEventListener('input', () => between.test(typing.value) && take(box, field, typing))
  typing.addEventListener('blur', () => take(box, field, typing))
  box.addEventListener('click', ({ target }) => {
    const address = (target as Element).closest<HTMLElement>('[data-address]')?.dataset.address
    if (address === undefined) typing.focus()
    else if ((target as Element).closest('button')) remove(address, box, field, typing)
  })
}

/** What is sent in place of the field. Another element: what htmx does yet to the one it has put there does not matter. */
function keptIn({ name, value, dataset }: HTMLInputElement): HTMLInputElement {
  const field = document.createElement('input')
  field.type = 'hidden'
  field.name = name
  field.value = value
  const { add = '', remove = '', faults = '[]' } = dataset
  Object.assign(field.dataset, { add, remove, faults })
  return field
}

/** What the next address is typed in: it takes the name and the faults of the field over. */
function typingIn(field: HTMLInputElement): HTMLInputElement {
  const typing = document.createElement('input')
  typing.id = field.id
  typing.type = 'text'
  typing.inputMode = 'email'
  typing.dir = 'ltr'
  typing.spellcheck = false
  typing.autocomplete = 'off'
  typing.placeholder = field.dataset.add ?? ''
  for (const name of ['aria-invalid', 'aria-describedby']) {
    const value = field.getAttribute(name)
    if (value !== null) typing.setAttribute(name, value)
  }
  return typing
}

const addressesOf = (field: HTMLInputElement): string[] => field.value.split(between).filter((one) => one !== '')

function keep(addresses: string[], box: Element, field: HTMLInputElement, typing: HTMLInputElement): void {
  field.value = [...new Set(addresses)].join(', ')
  show(box, field, typing)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

function take(box: Element, field: HTMLInputElement, typing: HTMLInputElement): void {
  const added = typing.value.split(between).filter((one) => one !== '')
  typing.value = ''
  if (added.length > 0) keep([...addressesOf(field), ...added], box, field, typing)
}

function remove(address: string, box: Element, field: HTMLInputElement, typing: HTMLInputElement): void {
  const left = addressesOf(field).filter((one) => one !== address)
  keep(left, box, field, typing)
  typing.focus()
}

function keyIn(event: KeyboardEvent, box: Element, field: HTMLInputElement, typing: HTMLInputElement): void {
  const last = addressesOf(field).at(-1)
  if (event.key === 'Enter' && typing.value !== '') {
    event.preventDefault()
    take(box, field, typing)
  } else if (event.key === 'Backspace' && typing.value === '' && last !== undefined) {
    // Back into the field, to be changed.
    event.preventDefault()
    remove(last, box, field, typing)
    typing.value = last
  }
}

function show(box: Element, field: HTMLInputElement, typing: HTMLInputElement): void {
  for (const chip of box.querySelectorAll('.tag')) chip.remove()
  const faults = new Set(JSON.parse(field.dataset.faults ?? '[]') as string[])
  for (const address of addressesOf(field))
    typing.before(chipOf(address, faults.has(address), field.dataset.remove ?? ''))
}

function chipOf(address: string, isWrong: boolean, remove: string): HTMLElement {
  const chip = document.createElement('span')
  chip.className = 'tag'
  chip.dataset.address = address
  if (isWrong) chip.dataset.is = 'attention'
  const name = document.createElement('bdi')
  name.textContent = address
  const button = document.createElement('button')
  button.type = 'button'
  button.setAttribute('aria-label', remove.replace('{address}', address))
  const cross = document.querySelector('#cross')
  button.append(cross instanceof HTMLTemplateElement ? cross.content.cloneNode(true) : '×')
  chip.append(name, button)
  return chip
}
