import { afterEach, expect, test } from 'bun:test'
import type { Window } from 'happy-dom'
import type * as Editors from '../../src/browser/console/editors.ts'
import { render } from '../../src/platform/http/page.tsx'
import { translator } from '../../src/platform/lib/i18n.ts'
import { EditableFact, type Refused } from '../../views/console/card-fact.tsx'
import { onPage } from './window-for.ts'

const t = translator('en')
const fact = (value: string | null, refused?: Refused) =>
  render(<EditableFact t={t} id="c-1" field="name" value={value} {...(refused ? { refused } : {})} />)
const page = (value: string | null) =>
  `<div id="card">${fact(value)}</div><textarea id="body"></textarea><div id="toasts"></div>
   <template id="toast"><p class="toast"><span class="words"></span><button data-undo>Undo</button></p></template>`

type Asked = { address: string; method: string; fields: Record<string, string> }
const fetchBefore = globalThis.fetch
afterEach(() => {
  globalThis.fetch = fetchBefore
})

/** The card's name with the script at work; each question is answered by the next of `answers`, null by nobody. */
async function withName(
  value: string | null,
  answers: ([number, string] | null)[],
  run: (at: Stage) => Promise<void>,
): Promise<void> {
  await onPage(page(value), async (window) => {
    const asked: Asked[] = []
    globalThis.fetch = ((address: string, { method = '', body }: RequestInit) => {
      const fields = Object.fromEntries(body as URLSearchParams) as Record<string, string>
      asked.push({ address: new URL(address).pathname, method, fields })
      const answer = answers.shift()
      return answer
        ? Promise.resolve(new Response(answer[1], { status: answer[0] }))
        : Promise.reject(new Error('gone'))
    }) as typeof fetch
    const script = `../../src/browser/console/editors.ts?page=${Math.random()}`
    const editors = (await import(script)) as typeof Editors
    editors.startEditors()
    await run(new Stage(window, asked))
  })
}

class Stage {
  readonly window: Window
  readonly asked: Asked[]
  changes = 0

  constructor(window: Window, asked: Asked[]) {
    this.window = window
    this.asked = asked
    window.document.body.addEventListener('card-changed', () => void this.changes++)
  }

  one = (selector: string) => this.window.document.querySelector(selector) as unknown as HTMLElement
  get field() {
    return this.one('#card-name-value') as HTMLInputElement
  }
  get isOpen() {
    return this.one('#card-name').hasAttribute('hx-morph-skip') && !this.one('#card-name form').hidden
  }
  edit = () => this.one('#card-name [data-edit]').click()
  press(key: string) {
    const event = new this.window.KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
    this.field.dispatchEvent(event as unknown as Event)
  }
  submit = () => this.one('#card-name [type="submit"]').click()
  leave = () => this.field.dispatchEvent(new this.window.FocusEvent('focusout', { bubbles: true }) as unknown as Event)
  settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  }
}

test('what is opened is passed by by news until it is left as it was, and then asks for them', async () => {
  await withName('Boris', [], async (at) => {
    expect(at.isOpen).toBe(false)
    at.edit()
    expect(at.isOpen).toBe(true)
    expect(at.window.document.activeElement?.id).toBe('card-name-value')
    at.field.value = 'Somebody else'
    at.press('Escape')
    expect([at.isOpen, at.field.value, at.changes, at.asked]).toEqual([false, 'Boris', 1, []])
    expect(at.window.document.activeElement?.getAttribute('aria-label')).toBe('Edit the name')
  })
})

test('what is kept stands in its place at once, with what stood there told to the server', async () => {
  await withName(null, [[200, fact('Boris')]], async (at) => {
    at.edit()
    at.field.value = 'Boris'
    at.submit()
    await at.settle()
    expect(at.asked).toEqual([{ address: '/c/c-1/contact/name', method: 'PUT', fields: { value: 'Boris', was: '' } }])
    expect([at.isOpen, at.one('#card-name bdi').textContent, at.changes]).toEqual([false, 'Boris', 1])
  })
})

test('a refusal stays open with what was typed, and is not asked again by leaving', async () => {
  const refused = { typed: 'Борис', problem: null, meanwhile: { value: 'Boris', agentName: 'Pavel', at: null } }
  await withName(
    'B.',
    [
      [409, fact('Boris', refused)],
      [200, fact('Борис')],
    ],
    async (at) => {
      at.edit()
      at.field.value = 'Борис'
      at.submit()
      await at.settle()
      expect([at.isOpen, at.field.value]).toEqual([true, 'Борис'])
      expect(at.one('#card-name .error').textContent).toContain('Pavel has changed it to “Boris”.')
      at.leave()
      await at.settle()
      expect(at.asked).toHaveLength(1)
      at.submit()
      await at.settle()
      expect(at.asked.at(-1)?.fields).toEqual({ value: 'Борис', was: 'Boris' })
      expect(at.isOpen).toBe(false)
    },
  )
})

test('without an answer the text stays where it is and says so; the next try goes out as before', async () => {
  await withName('B.', [null, [200, fact('Boris')]], async (at) => {
    at.edit()
    at.field.value = 'Boris'
    at.submit()
    at.submit()
    await at.settle()
    expect(at.asked).toHaveLength(1)
    expect([at.isOpen, at.field.value]).toEqual([true, 'Boris'])
    expect(at.one('#card-name .error').textContent).toContain('Not saved')
    at.submit()
    await at.settle()
    expect(at.one('#card-name bdi').textContent).toBe('Boris')
  })
})

test('leaving keeps what was changed, and closes what was not', async () => {
  await withName('Boris', [[200, fact('Boris K.')]], async (at) => {
    at.window.document.hasFocus = () => true
    at.edit()
    at.leave()
    expect([at.isOpen, at.asked.length]).toEqual([false, 0])
    at.edit()
    at.field.value = 'Boris K.'
    at.leave()
    await at.settle()
    expect([at.asked.length, at.one('#card-name bdi').textContent]).toEqual([1, 'Boris K.'])
  })
})

test('what could not be kept after another conversation was opened is said, with its text', async () => {
  await withName('Boris', [[409, fact('Boris K.')]], async (at) => {
    at.edit()
    at.field.value = 'Борис'
    at.submit()
    at.one('#card').remove()
    await at.settle()
    expect(at.one('#toasts').textContent).toContain('Not saved: Борис')
  })
})
