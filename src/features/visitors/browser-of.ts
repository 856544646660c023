import Bowser from 'bowser'

/** What a browser is, as far as it says: the names are proper names. */
export type Browser = {
  browser: string | null
  system: string | null
  device: 'desktop' | 'mobile' | 'tablet' | 'tv' | 'bot' | null
  /** The maker and the model, where the browser tells them. */
  model: string | null
}

const devices = ['desktop', 'mobile', 'tablet', 'tv', 'bot'] as const

// The same few browsers come again and again, and reading one takes dozens of patterns.
const read = new Map<string, Browser>()
const mostRead = 500

/** Reads a User-Agent header. Nobody has to tell the truth in it. */
export function browserOf(userAgent: string): Browser {
  const known = read.get(userAgent)
  if (known) return known
  const browser = readBrowser(userAgent)
  if (read.size >= mostRead) read.clear()
  read.set(userAgent, browser)
  return browser
}

const nobody: Browser = { browser: null, system: null, device: null, model: null }

function readBrowser(userAgent: string): Browser {
  if (userAgent === '') return nobody
  const { browser, os, platform } = Bowser.parse(userAgent)
  const kind = platform.type?.toLowerCase()
  return {
    browser: named(browser.name, browser.version?.split('.')[0]),
    system: named(os.name, frozen.find(([said]) => said.test(userAgent))?.[1] ?? os.versionName ?? os.version),
    device: devices.find((device) => device === kind) ?? null,
    model: platform.model ? named(platform.vendor, platform.model) : null,
  }
}

/** Versions that browsers go on saying whatever the system's is. */
const frozen: [RegExp, string][] = [
  [/Windows NT 10\.0/, '10/11'],
  [/Mac OS X 10[_.]15/, ''],
  [/Android 10; K\)/, ''],
]

const named = (name: string | undefined, detail: string | undefined): string | null =>
  name ? [name, detail].filter(Boolean).join(' ') : null
