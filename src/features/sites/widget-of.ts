import { defaultSettings, type WidgetSettings } from '../../../views/widget/settings.ts'
import type { SiteRow } from './schema.ts'

/** How a site's widget is set: what the shop has set, and the default for the rest. What is no setting any more is dropped. */
export function widgetOf({ widget }: Pick<SiteRow, 'widget'>): WidgetSettings {
  const set: Record<string, unknown> = { ...widget }
  const known = Object.entries(defaultSettings).map(([name, byDefault]) => [name, set[name] ?? byDefault])
  return Object.fromEntries(known) as WidgetSettings
}
