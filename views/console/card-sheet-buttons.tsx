import { Icon } from '../ui/icon.tsx'

/** Opens a sheet, a dialog that is made for the moment, in which something new is written. */
export function AddButton({ address, words }: { address: string; words: string }) {
  return (
    <button class="add" type="button" data-sheet={address}>
      <Icon name="add" small />
      {words}
    </button>
  )
}

/** Opens a sheet in which something is changed. */
export function EditButton({ address, words }: { address: string; words: string }) {
  return (
    <button class="icon-button" type="button" data-sheet={address} aria-label={words} title={words}>
      <Icon name="edit" />
    </button>
  )
}
