/** Whether an address that somebody else gave may become a link to a page. */
export const isWebAddress = (url: string): boolean => /^https?:\/\//i.test(url)

/** An address as it is read: without what all of them begin with. */
export const withoutScheme = (url: string): string => url.replace(/^https?:\/\//i, '').replace(/\/$/, '')
