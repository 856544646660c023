/** The colours that a zone can have, in the order of their hues. Red is not among them: red is unread. */
export const zoneColours = ['orange', 'yellow', 'green', 'teal', 'cyan', 'blue', 'violet', 'pink'] as const
export type ZoneColour = (typeof zoneColours)[number]

/** For a new zone: the first colour that none of these has, or else any. */
export const freshColour = (zones: readonly { colour: string }[]): ZoneColour =>
  zoneColours.find((colour) => zones.every((zone) => zone.colour !== colour)) ??
  (zoneColours[zones.length % zoneColours.length] as ZoneColour)

/** Which of the eight hues of the console a colour is. */
export const hueOfColour = (colour: string): number => (zoneColours as readonly string[]).indexOf(colour) + 1 || 6
