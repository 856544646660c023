/** Brings the parts of the window that come only when they are wanted; `addresses` stand in the document, by their names. */
export function makeBringer(
  addresses: Record<string, string>,
  load = (address: string): Promise<unknown> => import(address),
) {
  let failures = 0
  return async <Part>(name: string): Promise<Part> => {
    try {
      // A browser may remember that an address could not be had.
      return (await load(`${addresses[name]}${failures > 0 ? `?${failures}` : ''}`)) as Part
    } catch (error) {
      failures++
      throw error
    }
  }
}
