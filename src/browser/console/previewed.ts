import type { Audience, WidgetSettings } from '../../../views/widget/settings.ts'

/** What a preview is told to show. */
export type Previewed = {
  type: 'preview'
  site: { name: string; chatEnabled: boolean; audience: Audience; greeting: string | null; widget: WidgetSettings }
  availability: { agents: number; status: 'online' | 'away'; backAt: number | null }
  /** Whether the launcher is shown too. */
  launcher: boolean
}
