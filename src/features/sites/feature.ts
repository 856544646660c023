import type { Feature } from '../../platform/feature.ts'
import { write } from '../../platform/db/write.ts'
import { translator } from '../../platform/lib/i18n.ts'
import { createSite, demoSite } from './index.ts'

export const sitesFeature: Feature = {
  name: 'sites',
  async start({ demo }) {
    if (!demo || (await demoSite())) return
    const t = translator('en')
    await write((tx) => createSite(tx, { name: t('demo.shop'), greeting: t('demo.greeting'), demo: true }))
  },
}
