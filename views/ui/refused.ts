// What becomes of a refusal of something that a part of the page has asked for: what stands there stays in any case.
const goes = (swap: string) => ({ 'hx-status:4xx': swap, 'hx-status:5xx': swap })

/** Where what was done is said. */
export const refusedInToasts = goes('target:#toasts, swap:beforeend')

/** Above the page, or the conversation. */
export const refusedAbove = goes('target:#notice, swap:innerHTML')

/** Nowhere: nobody has asked for it but the page itself. */
export const refusedUnsaid = goes('swap:none')
