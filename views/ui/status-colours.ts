/** The colours that the status of an order can have. Red is not among them: red is unread. */
export const statusColours = ['grey', 'blue', 'green', 'amber'] as const
export type StatusColour = (typeof statusColours)[number]
