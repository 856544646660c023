import { defaultSettings, type WidgetSettings } from '../../../views/widget/settings.ts'
import type { SiteRow } from './schema.ts'

type Kept = Pick<SiteRow, 'widget'>

/** How a site's widget is set: what the shop has set, and the default for the rest. */
export const widgetOf = (site: Kept): WidgetSettings => ({ ...defaultSettings, ...setOf(site) })

/** What the shop has set of a site's widget. What is no setting any more is dropped. */
export const setOf = ({ widget }: Kept): Partial<WidgetSettings> =>
  Object.fromEntries(Object.entries(widget ?? {}).filter(([field]) => Object.hasOwn(defaultSettings, field)))
