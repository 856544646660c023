// The page comes in the look that its agent has chosen; what is chosen here holds at once, and in every browser of theirs.
const root = document.documentElement

export function startTheme(): void {
  document.addEventListener('click', ({ target }) => {
    const choice = (target as Element).closest<HTMLElement>('[data-theme-choice]')?.dataset.themeChoice
    if (choice !== undefined) choose(choice)
  })
}

/** To dark from light, and back, whatever the system says. */
export function switchTheme(): void {
  const now = root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  choose(now === 'dark' ? 'light' : 'dark')
}

function choose(theme: string): void {
  if (theme === '') delete root.dataset.theme
  else root.dataset.theme = theme
  for (const item of document.querySelectorAll<HTMLElement>('[data-theme-choice]')) {
    item.setAttribute('aria-checked', `${item.dataset.themeChoice === theme}`)
  }
  // While the server cannot be reached it holds for this page alone.
  void fetch('/account/theme', { method: 'PUT', body: new URLSearchParams({ theme }) }).catch(() => undefined)
}
