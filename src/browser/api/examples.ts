import { details, literal } from '../../../views/widget/api-examples.ts'

type Kontuar = ((...call: unknown[]) => void) & { q?: unknown[] }

// The page of the live examples (views/widget/api-page.tsx): runs the calls of its buttons, and writes down every event.
const view = window as unknown as { kontuar?: Kontuar }
const waiting: unknown[] = []
view.kontuar ??= Object.assign((...call: unknown[]) => void waiting.push(call), { q: waiting })

const log = document.getElementById('log')
for (const name of Object.keys(details)) view.kontuar('on', name, (detail: unknown) => writeDown(name, detail))

document.addEventListener('click', ({ target }) => {
  const button = (target as Element).closest<HTMLElement>('[data-calls]')
  for (const call of JSON.parse(button?.dataset.calls ?? '[]') as unknown[][]) view.kontuar?.(...call)
})

function writeDown(name: string, detail: unknown) {
  const line = document.createElement('li')
  const code = document.createElement('code')
  code.dir = 'ltr'
  code.textContent = `${name} ${literal(detail)}`
  line.append(code)
  log?.append(line)
  line.scrollIntoView({ block: 'nearest' })
}
