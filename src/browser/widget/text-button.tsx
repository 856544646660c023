export const TextButton = ({ words, press }: { words: string; press: () => void }) => (
  <button type="button" class="text-button" onClick={press}>
    {words}
  </button>
)
