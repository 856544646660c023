import type { SettingChange } from '../../src/features/settings/index.ts'

/** A change, with the name of who made it; null: the house itself, or a program. */
export type ChangeShown = SettingChange & { who: string | null }
