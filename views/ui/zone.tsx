import { hueOfColour } from './zone-colours.ts'

/** A delivery zone: its colour and its name. */
export type ShownZone = { name: string; colour: string }

export function Zone({ name, colour }: ShownZone) {
  return (
    <span class="zone" data-hue={hueOfColour(colour)}>
      <bdi class="cut">{name}</bdi>
    </span>
  )
}
