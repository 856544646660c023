import type { ContactNote } from '../../src/features/notes/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { RichText } from '../ui/rich-text.tsx'
import { Time } from '../ui/time.tsx'
import { Buttons, type Refused, Said } from './card-fact.tsx'

type ShownNote = ContactNote & { agentName: string }

/** What agents have written about somebody, for agents alone. */
export function NotesSection({ t, id, notes }: { t: Translate; id: string; notes: ShownNote[] }) {
  return (
    <section class="part" id="card-notes" aria-labelledby="card-notes-title">
      <AddNote t={t} id={id} />
      {notes.length === 0 ? (
        <p class="none">{t('console.note.none')}</p>
      ) : (
        <ul class="notes">
          {notes.map((note) => (
            <NoteItem key={note.id} t={t} id={id} note={note} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** The part's head with the way to write one more. */
export function AddNote({ t, id, refused }: { t: Translate; id: string; refused?: Refused }) {
  return (
    <div id="add-note" {...editable(refused)}>
      <h4 id="card-notes-title">
        {t('console.card.notes')}{' '}
        <span class="aside shown" hidden={refused !== undefined}>
          <button class="add" type="button" data-edit>
            <Icon name="add" small />
            {t('console.note.add.short')}
          </button>
        </span>
      </h4>
      <Editor
        t={t}
        address={`/c/${id}/notes`}
        method="POST"
        inputId="new-note"
        value=""
        {...(refused ? { refused } : {})}
      />
    </div>
  )
}

export function NoteItem({ t, id, note, refused }: { t: Translate; id: string; note: ShownNote; refused?: Refused }) {
  const address = `/c/${id}/notes/${note.id}`
  return (
    <li class="note" id={`note-${note.id}`} {...editable(refused)}>
      <div class="shown" hidden={refused !== undefined}>
        <div class="words" dir="auto">
          <RichText text={note.body} />
        </div>
        <footer>
          <span class="cut">
            <bdi>{note.agentName}</bdi>
          </span>
          <Time at={note.createdAt} />
          {note.changedAt === null ? null : <span>{t('console.note.changed')}</span>}
          <IconButton icon="edit" label={t('console.note.edit')} data-edit />
          <IconButton
            icon="delete"
            label={t('console.note.remove')}
            data-ask="PUT"
            data-undo="DELETE"
            data-address={`${address}/removal`}
            data-said={t('console.note.removed')}
          />
        </footer>
      </div>
      <Editor
        t={t}
        address={address}
        method="PUT"
        inputId={`note-${note.id}-body`}
        value={note.body}
        {...(refused ? { refused } : {})}
      />
    </li>
  )
}

/** While it is open no news disturbs it. */
const editable = (refused: Refused | undefined) => ({
  'data-editable': true,
  'data-editing': refused ? '' : undefined,
  'hx-morph-skip': refused ? '' : undefined,
})

type EditorProps = {
  t: Translate
  address: string
  method: 'POST' | 'PUT'
  inputId: string
  value: string
  refused?: Refused
}

function Editor({ t, address, method, inputId, value, refused }: EditorProps) {
  return (
    <form
      class="editor"
      action={address}
      method="post"
      data-method={method}
      data-lost={t('console.card.lost')}
      noValidate
      hidden={!refused}
    >
      <label class="said" for={inputId}>
        {t('console.note.words')}
      </label>
      <textarea
        class="input"
        id={inputId}
        name="body"
        rows={3}
        maxLength={4000}
        dir="auto"
        placeholder={t('console.note.placeholder')}
        aria-invalid={refused?.problem ? true : undefined}
        aria-describedby={`${inputId}-said`}
        defaultValue={refused?.typed ?? value}
      />
      <input type="hidden" name="was" value={value} />
      <Said t={t} id={`${inputId}-said`} {...(refused ? { refused } : {})} />
      <Buttons t={t} meanwhile={refused?.meanwhile !== null && refused !== undefined} />
    </form>
  )
}
