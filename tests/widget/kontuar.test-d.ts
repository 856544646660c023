// The types of public/kontuar.d.ts. Nothing here is run: `tsc -p .` is the test. A call that must not compile stands under @ts-expect-error, which is an
// error itself where the call compiles.

kontuar('open')
kontuar('close')
kontuar('toggle')
kontuar('show')
kontuar('hide')
kontuar('shutdown')
kontuar('setAttributes', { name: 'Marina', email: null, orders: 12, club: true })
kontuar('page')
kontuar('page', { url: 'https://shop.test/checkout' })
kontuar('send', 'Where is my order?')
kontuar('on', 'message', ({ author, text, at }) => [author.name.trim(), text.trim(), at.toFixed()])
kontuar('on', 'unread', ({ count }) => count.toFixed())
kontuar('on', 'availability', ({ status, backAt }) => [status === 'online', backAt?.toFixed()])
kontuar('on', 'form', ({ form }) => form === 'feedback')
kontuar('on', 'ready', () => {})
kontuar('off', 'open')
kontuar('off', 'open', () => {})
window.kontuar('open')
kontuar('open') satisfies void

// @ts-expect-error: no such command
kontuar('opn')
// @ts-expect-error: no such event
kontuar('on', 'mesage', () => {})
// @ts-expect-error: a listener is needed
kontuar('on', 'open')
// @ts-expect-error: an unread event has no text
kontuar('on', 'unread', ({ text }) => text)
// @ts-expect-error: an address is a text
kontuar('setAttributes', { email: 5 })
// @ts-expect-error: attributes are plain
kontuar('setAttributes', { born: new Date(0) })
// @ts-expect-error: a text is needed
kontuar('send')
// @ts-expect-error: a page is an object
kontuar('page', 'https://shop.test/')
