import type { ChatErrors, ChatField, ChatSettings } from '../../src/features/sites/index.ts'
import type { WidgetSettings } from '../widget/settings.ts'
import type { ChangeShown } from './change-shown.ts'

/** A form of the chat's settings: as it is kept, or as somebody has typed it and could not save it yet. */
export type ChatFormShown = {
  /** Null: for all sites. */
  site: { id: string; name: string } | null
  /** The questions to which this site has answers of its own. */
  own: ChatField[]
  chat: ChatSettings
  /** How the widget looks in which the greeting is shown. */
  widget: Partial<WidgetSettings>
  /** As it was typed, where that is no number of minutes. */
  digestMinutes?: string
  defaults: ChatSettings
  errors: ChatErrors
  /** The last change that is shown here. */
  seen: string | null
  /** What others have saved since. */
  meanwhile: ChangeShown[]
  /** It could not be saved. */
  refused: boolean
}
