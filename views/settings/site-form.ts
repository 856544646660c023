import type { WidgetSettings } from '../widget/settings.ts'
import type { ChangeShown } from './change-shown.ts'
import type { LookErrors } from './look-fields.ts'

/** A site's form: as it is kept, or as somebody has typed it and could not save it yet. */
export type SiteFormShown = {
  id: string
  name: string
  domains: string[]
  widget: WidgetSettings
  /** What stands in the fields, by their names, where it could not be saved. */
  typed: Record<string, string> | null
  errors: LookErrors & { name?: 'invalid' }
  /** The domains that are none. */
  wrongDomains: string[]
  greeting: string | null
  seen: string | null
  meanwhile: ChangeShown[]
  refused: boolean
}
