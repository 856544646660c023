/** Everything of ours in the storage of the shop's page, under its one prefix: what the loader has to know of it. */
export function keptBy(view: Pick<Window, 'localStorage' | 'sessionStorage'>, prefix: string) {
  // Reaching for the storage may throw by itself (blocked, sandboxed).
  function names(area: 'localStorage' | 'sessionStorage'): string[] {
    try {
      return Object.keys(view[area]).filter((name) => name.startsWith(prefix))
    } catch {
      return []
    }
  }
  return {
    /** Whether the visitor has written here before. */
    known: () => names('localStorage').some((name) => /^(token$|pending:)/.test(name.slice(prefix.length))),
    forget() {
      for (const area of ['localStorage', 'sessionStorage'] as const) {
        for (const name of names(area)) view[area].removeItem(name)
      }
    },
  }
}
