// Where drafts and unsent answers live between reloads. Storage may be forbidden or full: then they live as long as the
// window does.
const inMemory = new Map<string, string>()

export function kept(name: string): string | null {
  try {
    return localStorage.getItem(name) ?? inMemory.get(name) ?? null
  } catch {
    return inMemory.get(name) ?? null
  }
}

export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name)
    else localStorage.setItem(name, value)
    inMemory.delete(name)
  } catch {
    if (value === null) inMemory.delete(name)
    else inMemory.set(name, value)
  }
}
