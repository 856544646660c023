/**
 * A moment. The browser shows it in the reader's own zone and way, `ago` as how long it is ago; until then it is hours and
 * minutes of UTC.
 */
export function Time({ at, ago, ...rest }: { at: number; ago?: boolean; class?: string }) {
  const iso = new Date(at).toISOString()
  return (
    <time {...rest} datetime={iso} data-ago={ago ? '' : undefined}>
      {iso.slice(11, 16)}
    </time>
  )
}
