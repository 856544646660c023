import { hueOf, initials } from '../ui/face.ts'
import { things } from './things.ts'
import { type Person, thingOf } from './visitor.ts'

type AvatarProps = Person & {
  /** Whether they are connected: told in words beside it, too. */
  online?: boolean
  size?: 's' | 'm' | 'l'
}

/** A face for lists, heads and cards: letters for who has a name, their thing for who has none; always in the same hue. */
export function Avatar({ visitorId, contact, online, size }: AvatarProps) {
  const letters = initials(contact?.name || contact?.email?.split('@')[0] || '')
  return (
    <span
      class={online ? 'avatar online' : 'avatar'}
      data-size={size}
      data-hue={hueOf(contact?.id ?? visitorId)}
      aria-hidden="true"
    >
      {letters === '' ? <ThingIcon visitorId={visitorId} /> : letters}
    </span>
  )
}

function ThingIcon({ visitorId }: { visitorId: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24">
      {things[thingOf(visitorId)].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  )
}
