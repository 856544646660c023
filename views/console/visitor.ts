/** The end of an id, which is random: enough to tell a few visitors apart by ear. */
export const shortId = (id: string): string => id.slice(-4).toUpperCase()

/** One of eight hues, always the same for the same id. */
export const hueOf = (id: string): number => (Number.parseInt(id.slice(-4), 16) % 8 || 0) + 1
