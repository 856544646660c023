import { keep, kept } from './keep.ts'

/** How this browser calls its agent. Sound is there from the start; notifications once the agent wants them. */
export type NoticeSettings = { sound: boolean; desktop: boolean; asked: boolean }

const name = 'kontuar:notices'
const fallback: NoticeSettings = { sound: true, desktop: false, asked: false }

export function noticeSettings(): NoticeSettings {
  try {
    return { ...fallback, ...(JSON.parse(kept(name) ?? '{}') as Partial<NoticeSettings>) }
  } catch {
    return fallback
  }
}

export function setNotices(change: Partial<NoticeSettings>): void {
  keep(name, JSON.stringify({ ...noticeSettings(), ...change }))
}
