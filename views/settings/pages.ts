import type { Key } from '../../src/platform/lib/i18n.ts'
import type { IconName } from '../ui/icon.tsx'

export type SettingsPageName = 'chat' | 'templates' | 'sites' | 'zones' | 'mail' | 'installation'
export type SettingsLink = { name: SettingsPageName; label: Key; href: string; icon: IconName }

/** The pages of the cabinet, in groups, as its menu shows them. */
export const settingsGroups: { label: Key; pages: SettingsLink[] }[] = [
  {
    label: 'cabinet.group.chat',
    pages: [
      { name: 'chat', label: 'cabinet.page.chat', href: '/settings/chat', icon: 'widget' },
      { name: 'templates', label: 'cabinet.page.templates', href: '/settings/templates', icon: 'template' },
      { name: 'sites', label: 'cabinet.page.sites', href: '/settings/sites', icon: 'site' },
      { name: 'zones', label: 'cabinet.page.zones', href: '/settings/zones', icon: 'place' },
    ],
  },
  {
    label: 'cabinet.group.system',
    pages: [
      { name: 'mail', label: 'cabinet.page.mail', href: '/settings/mail', icon: 'mail' },
      { name: 'installation', label: 'cabinet.page.installation', href: '/settings/installation', icon: 'code' },
    ],
  },
]
