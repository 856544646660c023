/** A moment. The browser shows it in the reader's own zone and way; until then it is hours and minutes of UTC. */
export function Time({ at, ...rest }: { at: number; class?: string }) {
  const iso = new Date(at).toISOString()
  return (
    <time {...rest} datetime={iso}>
      {iso.slice(11, 16)}
    </time>
  )
}
