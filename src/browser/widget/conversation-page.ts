// The page that a link in a mail leads to. What stands after the # is the reader's alone: it is taken out of the address,
// and sent once, by POST; the token that comes back is kept where the loader looks for one.

type Answer = { siteId?: string; visitorToken?: string; code?: string }
type Global = typeof globalThis & { kontuar?: (command: string) => void }

const main = document.querySelector<HTMLElement>('#from-mail')
const siteId = main?.dataset.site
if (siteId) void begin(siteId)

async function begin(siteId: string): Promise<void> {
  const link = location.hash.slice(1)
  history.replaceState(null, '', location.pathname + location.search)
  const known = kept(siteId)
  // Loaded again, or opened from the history: the browser has its token already.
  if (link === '') return known ? openWindow(siteId) : say('link_invalid')
  try {
    const { visitorToken, code } = await exchange(link)
    if (visitorToken !== undefined) keep(siteId, visitorToken)
    else if (code !== 'link_used' || !known) return say(code ?? 'failed')
    openWindow(siteId)
  } catch {
    say('failed')
  }
}

async function exchange(link: string): Promise<Answer> {
  const response = await fetch('/conversation', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ link }),
    referrerPolicy: 'no-referrer',
  })
  return (await response.json()) as Answer
}

function nameOf(siteId: string): string {
  return `kontuar:${siteId}:token`
}

function kept(siteId: string): boolean {
  try {
    return localStorage.getItem(nameOf(siteId)) !== null
  } catch {
    return false
  }
}

function keep(siteId: string, token: string): void {
  localStorage.setItem(nameOf(siteId), token)
}

function openWindow(siteId: string): void {
  const script = document.createElement('script')
  script.src = `/widget.js?site=${siteId}`
  script.addEventListener('load', () => {
    ;(globalThis as Global).kontuar?.('open')
    say('opened')
  })
  script.addEventListener('error', () => say('failed'))
  document.head.append(script)
}

function say(state: string): void {
  const sentences = [...(main?.querySelectorAll<HTMLElement>('[data-state]') ?? [])]
  const said = sentences.some(({ dataset }) => dataset.state === state) ? state : 'failed'
  for (const sentence of sentences) sentence.hidden = sentence.dataset.state !== said
}
