import { describe, expect, test } from 'bun:test'
import type { Window } from 'happy-dom'
import { TemplateOptions } from '../../views/console/template-options.tsx'
import { TemplatePanel } from '../../views/console/template-panel.tsx'
import type * as PanelScript from '../../src/browser/console/template-panel.ts'
import type { TemplateRow } from '../../src/features/templates/index.ts'
import { render } from '../../src/platform/http/page.tsx'
import { translator } from '../../src/platform/lib/i18n.ts'
import { type Facts, fillPieces } from '../../views/templates/placeholders.ts'
import { onPage } from './window-for.ts'

const t = translator('en')
const facts: Facts = { 'contact.name': 'Boris', 'agent.name': 'Anna' }
const template = (id: string, name: string, text: string, shortcut: string | null = null): TemplateRow => ({
  ...{ id, name, text, shortcut, position: 0, visible: true, siteIds: null, locale: null },
  ...{ createdAt: 0, changedAt: 0, removedAt: null },
})

let shop = [
  template('hello', 'Здравствуйте', 'Hi {{contact.name|there}}!', 'привет'),
  template('today', 'Доставка сегодня', 'Order {{order.number}} comes today.', 'сегодня'),
  template('porter', 'Доставка: оставить у консьержа', 'We leave it with the porter.'),
  template('tare', 'Возврат тары', 'Ёлочная доставка.', 'тара'),
]
const html = () =>
  render(
    TemplateOptions({
      t,
      offered: shop.map((one) => ({ template: one, pieces: fillPieces(one.text, facts) })),
    }),
  )

type Panel = PanelScript.Panel
type Page = {
  window: Window
  panel: Panel
  box: HTMLTextAreaElement
  line: HTMLInputElement
  asked: string[]
  type(text: string, cursor?: number): Promise<void>
  key(key: string, more?: KeyboardEventInit, target?: HTMLElement): boolean
  names(): string[]
  chosen(): string | undefined
  shown(): boolean
  settle(): Promise<void>
}

/** A composer with its panel. */
async function composer(run: (page: Page) => Promise<void>): Promise<void> {
  const page = `<form id="reply" class="composer">${render(TemplatePanel({ t, script: '' }))}<textarea id="body"></textarea><button data-do="templates" type="button" aria-expanded="false"></button></form>`
  await onPage(page, async (window) => {
    const asked: string[] = []
    const fetchBefore = globalThis.fetch
    globalThis.fetch = ((path: string, options?: RequestInit) => {
      asked.push(`${options?.method ?? 'GET'} ${path}`)
      return Promise.resolve(new Response(html()))
    }) as typeof fetch
    const { document } = window as unknown as { document: Document }
    const box = document.querySelector('#body') as HTMLTextAreaElement
    const line = document.querySelector('#templates-query') as HTMLInputElement
    const { makePanel } = (await import(
      `../../src/browser/console/template-panel.ts?page=${Math.random()}`
    )) as typeof PanelScript
    const write = (field: HTMLTextAreaElement, text: string, from: number, to: number) => {
      field.focus()
      field.value = field.value.slice(0, from) + text + field.value.slice(to)
      field.setSelectionRange(from + text.length, from + text.length)
    }
    const panel = makePanel({ write, signInAgain: () => undefined, conversation: () => 'c1' })
    const settle = async () => {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    }
    const options = () => [...document.querySelectorAll<HTMLElement>('#templates-list [role="option"]')]
    try {
      await run({
        ...{ window, panel, box, line, asked, settle },
        async type(text, cursor = text.length) {
          box.focus()
          box.value = text
          box.setSelectionRange(cursor, cursor)
          panel.typed(box)
          await settle()
        },
        key: (key, more = {}, target = box) =>
          panel.pressed(Object.assign({ key, target }, { shiftKey: false, ...more }) as unknown as KeyboardEvent),
        names: () => options().map((option) => option.dataset.template ?? ''),
        chosen: () => options().find((option) => option.getAttribute('aria-selected') === 'true')?.dataset.template,
        shown: () => document.querySelector<HTMLElement>('#templates')?.hidden === false,
      })
    } finally {
      globalThis.fetch = fetchBefore
    }
  })
}

describe('a stroke', () => {
  test.each([
    ['/', '/'.length, true],
    ['Hello /', 7, true],
    ['Hello\n/дост', 11, true],
    ['/дост и дальше', 5, true],
    ['and/or', 6, false],
    ['https://shop.example', 20, false],
    ['//', 2, false],
    ['/ ', 2, false],
    ['Hello', 5, false],
    ['/дост и', 2, true],
  ])('in %j, the cursor at %i, opens the panel: %j', async (text, cursor, opens) => {
    await composer(async ({ type, shown }) => {
      await type(text, cursor)
      expect(shown()).toBe(opens)
    })
  })

  test('finds by shortcut, then by name, then by what is said, without capitals, accents and ё', async () => {
    await composer(async ({ type, names }) => {
      for (const [typed, found] of [
        ['/', ['hello', 'today', 'porter', 'tare']],
        ['/дост', ['today', 'porter', 'tare']],
        ['/ДОСТ КОНС', ['porter']],
        ['/сегодня', ['today']],
        ['/тар', ['tare']],
        ['/porter', ['porter']],
        ['/елоч', ['tare']],
        ['/boris', ['hello']],
      ] as const) {
        await type(typed)
        expect([typed, names()]).toEqual([typed, [...found]])
      }
    })
  })

  test('marks in the names what was typed, and shows the chosen one as it will be read', async () => {
    await composer(async ({ window, type, key, chosen }) => {
      await type('/дост')
      const marks = [...window.document.querySelectorAll('#templates-list mark')].map((mark) => mark.textContent)
      expect(marks).toEqual(['Дост', 'Дост'])
      expect(chosen()).toBe('today')
      const preview = () => window.document.querySelector('.shown p')
      expect(preview()?.textContent).toBe('Order {{order.number}} comes today.')
      expect(preview()?.querySelector('.missing')?.textContent).toBe('{{order.number}}')
      expect(key('ArrowDown')).toBe(true)
      expect([chosen(), preview()?.textContent]).toEqual(['porter', 'We leave it with the porter.'])
      key('ArrowDown')
      key('ArrowDown')
      expect(chosen()).toBe('today')
      key('ArrowUp')
      expect(chosen()).toBe('tare')
    })
  })

  test.each(['Enter', 'Tab'])('%s puts it in place of the stroke, and of nothing else', async (pressed) => {
    await composer(async ({ type, key, box, shown, asked, settle }) => {
      await type('Before /приafter', 'Before /при'.length)
      expect(key(pressed)).toBe(true)
      await settle()
      expect([box.value, shown()]).toEqual(['Before Hi Boris!after', false])
      expect(box.selectionStart).toBe('Before Hi Boris!'.length)
      expect(asked.at(-1)).toBe('POST /c/c1/templates/hello/uses')
    })
  })

  test('what could not be filled in is left selected, to be written over', async () => {
    await composer(async ({ type, key, box }) => {
      await type('/сегодня')
      key('Enter')
      expect(box.value.slice(box.selectionStart, box.selectionEnd)).toBe('{{order.number}}')
    })
  })

  test('Escape leaves it as it is typed, until it is another one', async () => {
    await composer(async ({ type, key, box, shown }) => {
      await type('/дост')
      expect(key('Escape')).toBe(true)
      expect([box.value, shown()]).toEqual(['/дост', false])
      await type('/доста')
      expect(shown()).toBe(false)
      expect(key('Enter')).toBe(false)
      await type('')
      await type('/')
      expect(shown()).toBe(true)
    })
  })

  test('that nothing answers to leaves Enter to the answer, and a sentence is none', async () => {
    await composer(async ({ window, type, key, shown, names }) => {
      await type('/xyz')
      expect([shown(), names()]).toEqual([true, []])
      expect(window.document.querySelector<never>('.none[data-is="none"]')).toMatchObject({ hidden: false })
      expect(key('Enter')).toBe(false)
      await type('/xyz is')
      expect(shown()).toBe(false)
    })
  })

  test('with Shift, Control or on another field the keys stay what they are', async () => {
    await composer(async ({ type, key, window }) => {
      await type('/дост')
      expect(key('Enter', { shiftKey: true })).toBe(false)
      expect(key('Tab', { shiftKey: true })).toBe(false)
      expect(key('Enter', { ctrlKey: true })).toBe(false)
      expect(key('a')).toBe(false)
      const button = window.document.querySelector('button') as unknown as HTMLElement
      expect(key('Enter', {}, button)).toBe(false)
    })
  })
})

describe('the button', () => {
  test('brings a line to search in, and inserts at the cursor without touching what is selected', async () => {
    await composer(async ({ panel, box, line, key, settle, names }) => {
      box.value = 'Good day! And more'
      box.setSelectionRange(0, 'Good day!'.length)
      panel.toggle()
      await settle()
      expect(line.hidden).toBe(false)
      expect(names()).toHaveLength(4)
      line.value = 'конс'
      panel.typed(line)
      expect(names()).toEqual(['porter'])
      expect(key('Enter', {}, line)).toBe(true)
      expect(box.value).toBe('Good day! We leave it with the porter. And more')
    })
  })

  test('closes what it has opened, and so does Escape; Enter on nothing sends nothing', async () => {
    await composer(async ({ window, panel, line, key, shown, settle }) => {
      const expanded = () => window.document.querySelector('[data-do="templates"]')?.getAttribute('aria-expanded')
      panel.toggle()
      await settle()
      expect([shown(), expanded()]).toEqual([true, 'true'])
      line.value = 'xyz'
      panel.typed(line)
      expect(key('Enter', {}, line)).toBe(true)
      panel.toggle()
      expect([shown(), expanded()]).toEqual([false, 'false'])
      panel.toggle()
      expect(key('Escape', {}, line)).toBe(true)
      expect(shown()).toBe(false)
    })
  })
})

test('what a screen reader needs is said: the list, what is chosen in it, and how many there are', async () => {
  await composer(async ({ window, type, key, box, line, panel, settle }) => {
    await type('/дост')
    expect(box.getAttribute('aria-controls')).toBe('templates-list')
    expect(box.getAttribute('aria-activedescendant')).toBe('offered-today')
    expect(window.document.querySelector('#templates [role="status"]')?.textContent).toBe('Templates: 3')
    key('Escape')
    expect([box.getAttribute('aria-controls'), box.getAttribute('aria-activedescendant')]).toEqual([null, null])
    panel.toggle()
    await settle()
    expect(line.getAttribute('role')).toBe('combobox')
    expect(line.getAttribute('aria-activedescendant')).toBe('offered-hello')
  })
})

test('what is hidden or deleted vanishes from an open panel; what stays chosen is still chosen', async () => {
  const before = shop
  await composer(async ({ panel, type, key, names, chosen, settle }) => {
    await type('/дост')
    key('ArrowDown')
    shop = before.filter(({ id }) => id !== 'today')
    panel.changed()
    await settle()
    expect([names(), chosen()]).toEqual([['porter', 'tare'], 'porter'])
    shop = before.filter(({ id }) => id === 'hello')
    panel.changed()
    await settle()
    expect(names()).toEqual([])
  })
  shop = before
})

test('a name that is markup is shown as it is written', async () => {
  const before = shop
  shop = [template('evil', '<img src=x onerror=pwned(1)>', '<b>{{contact.name}}</b>')]
  await composer(async ({ window, type, key, box }) => {
    await type('/img')
    expect(window.document.querySelector('#templates img, #templates b')).toBeNull()
    expect(window.document.querySelector('#templates-list .name')?.textContent).toBe('<img src=x onerror=pwned(1)>')
    key('Enter')
    expect(box.value).toBe('<b>Boris</b>')
  })
  shop = before
})
