import { Icon } from '../ui/icon.tsx'
import { hueOf, initials, type Person } from './visitor.ts'

/** A face for the list: letters for who has a name, a thing for who has none; always in the same hue. */
export function Avatar({ visitorId, contact }: Person) {
  const letters = initials(contact?.name ?? '')
  return (
    <span class="avatar" data-hue={hueOf(contact?.id ?? visitorId)} aria-hidden="true">
      {letters === '' ? <Icon name="visitor" /> : letters}
    </span>
  )
}
