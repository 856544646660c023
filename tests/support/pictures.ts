import { join } from 'node:path'
import type { Page } from 'playwright-core'

const folder = process.env.KONTUAR_PICTURES

/** Keeps what a page shows for a person to look at, in the folder that KONTUAR_PICTURES names, if any: no test does. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), caret: 'initial' })
}
