/** A choice that is an address: goes there once it is made. */
export function startScope(): void {
  document.addEventListener('change', ({ target }) => {
    const form = target instanceof Element ? target.closest<HTMLFormElement>('form[data-do="go"]') : null
    form?.requestSubmit()
  })
}
