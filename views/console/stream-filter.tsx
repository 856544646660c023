import type { EntriesOf } from '../../src/features/messages/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuChoice } from '../ui/menu.tsx'

const sides = ['all', 'visitor', 'agent', 'actions'] as const

/** Which entries of the log are shown: it stands in the address, like everything that one looks at. */
export function StreamFilter({ t, of }: { t: Translate; of: EntriesOf | null }) {
  return (
    <>
      <IconButton
        icon="filter"
        label={t('console.stream')}
        id="stream-filter"
        popovertarget="stream-menu"
        aria-haspopup="menu"
        data-of={of ?? undefined}
      />
      <Menu id="stream-menu" label={t('console.stream')}>
        {sides.map((side) => (
          <MenuChoice key={side} on={side === (of ?? 'all')} data-side={side}>
            {t(`console.stream.${side}`)}
          </MenuChoice>
        ))}
      </Menu>
    </>
  )
}
