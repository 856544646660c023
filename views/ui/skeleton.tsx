/** What will come, in its size: shown only once something takes longer than 200 ms. `words` say that it is on its way. */
export function Skeleton({ rows, words }: { rows: number; words: string }) {
  return (
    <div class="skeletons" role="status">
      <span class="said">{words}</span>
      {Array.from({ length: rows }, (_, place) => (
        <div key={place} class="skeleton" data-as="row" aria-hidden="true" />
      ))}
    </div>
  )
}
