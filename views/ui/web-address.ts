/** Whether an address that somebody else gave may become a link to a page. */
export const isWebAddress = (url: string): boolean => /^https?:\/\//i.test(url)

/** An address as it is read: without what all of them begin with, and its letters as letters. */
export const withoutScheme = (url: string): string => lettersOf(url.replace(/^https?:\/\//i, '').replace(/\/$/, ''))

function lettersOf(address: string): string {
  try {
    const read = decodeURI(address)
    // What cannot be seen, or turns the reading round, stays written out.
    return /[\p{C}\p{Z}]/u.test(read) ? address : read
  } catch {
    return address
  }
}
