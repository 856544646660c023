/** The colours that a zone can have, in the order of their hues. Red is not among them: red is unread. */
export const zoneColours = ['orange', 'yellow', 'green', 'teal', 'cyan', 'blue', 'violet', 'pink'] as const
export type ZoneColour = (typeof zoneColours)[number]

/** Which of the eight hues of the console a colour is. */
export const hueOfColour = (colour: string): number => (zoneColours as readonly string[]).indexOf(colour) + 1 || 6
