/** One example for every command: the calls it makes, which are shown and run. `on` and `off` are shown only. */
export const examples = {
  open: [['open']],
  close: [['close']],
  toggle: [['toggle']],
  show: [['show']],
  hide: [['hide']],
  setAttributes: [['setAttributes', { name: 'Marina', email: 'marina@example.org', orders: 12, club: true }]],
  page: [['page', { url: 'https://shop.example/checkout', title: 'Checkout' }]],
  send: [['send', 'Where is my order?']],
  shutdown: [['shutdown']],
} as const satisfies Record<string, readonly (readonly unknown[])[]>

export type Runnable = keyof typeof examples

/** What a listener of each event is given. */
export const details = {
  ready: {},
  open: {},
  close: {},
  message: { author: { kind: 'agent', name: 'Anna' }, text: 'Good morning', at: 1781251200000 },
  unread: { count: 2 },
  availability: { status: 'away', backAt: 1781251200000 },
  form: { form: 'feedback' },
} as const

export const listening = {
  on: `kontuar('on', 'message', ({ author, text }) => {
  console.log(author.name, text)
})`,
  off: "kontuar('off', 'message')",
}

export const stub = 'window.kontuar=window.kontuar||function(){(kontuar.q=kontuar.q||[]).push(arguments)}'

/** Calls as one would write them. */
export const codeOf = (calls: readonly (readonly unknown[])[]): string =>
  calls.map((call) => `kontuar(${call.map(literal).join(', ')})`).join('\n')

/** A value as one would write it in JavaScript. */
export function literal(value: unknown): string {
  if (typeof value === 'string')
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
  if (typeof value !== 'object' || value === null) return String(value)
  const members = Object.entries(value).map(([name, one]) => `${name}: ${literal(one)}`)
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}
