import axe from 'axe-core'
import type { Frame, Page } from 'playwright-core'

declare global {
  interface Window {
    axe: typeof axe
  }
}

type Look = {
  /** A selector of what is looked at; else the whole document. */
  within?: string
  /** Those rules of axe alone. */
  rules?: string[]
}

/**
 * What axe finds in a document (frames in it stand by themselves) against WCAG 2.2 AA, best practices included, and whether
 * it is wider than its window.
 */
export async function faults(where: Page | Frame, { within, rules }: Look = {}): Promise<string[]> {
  if (!(await where.evaluate(() => 'axe' in window))) await where.evaluate(axe.source)
  return where.evaluate(
    async ([place, only]) => {
      const { violations, passes } = await window.axe.run(place ?? document, {
        iframes: false,
        resultTypes: ['violations'],
        ...(only ? { runOnly: only } : {}),
      })
      if (!only && passes.length < 5) return ['axe did not look']
      const wide = !place && document.documentElement.scrollWidth > innerWidth
      return [
        ...violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
        ),
        ...(wide ? ['wider than the window'] : []),
      ]
    },
    [within, rules] as const,
  )
}

/** The same in the light, and then what colours may spoil in the dark. The page is as light as it was afterwards. */
export async function faultsByDayAndNight(page: Page, within?: string): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.evaluate(changed)
  const byDay = await faults(page, { within })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.evaluate(changed)
  const byNight = await faults(page, { within, rules: ['color-contrast'] })
  await page.emulateMedia({ colorScheme: null })
  return [...byDay, ...byNight.map((fault) => `by night ${fault}`)]
}

/** Once what moves from one colour to another has come there. */
async function changed(): Promise<void> {
  for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
  for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish()
}
