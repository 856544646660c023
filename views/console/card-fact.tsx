import type { EditableField } from '../../src/features/contacts/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Time } from '../ui/time.tsx'

/** What was typed, and why it is not kept. */
export type Refused = { typed: string; problem: string | null; meanwhile: Meanwhile | null }
/** What somebody else has put there: nobody is named when the visitor did it themselves. */
export type Meanwhile = { value: string | null; agentName: string | null; at: number | null }

const longest = { name: 100, email: 254, phone: 40 } as const

type FactProps = { t: Translate; id: string; field: EditableField; value: string | null; refused?: Refused }

/**
 * A thing that is known of somebody, changed in its place: the script opens the form, sends it, and puts what comes back in
 * the place of all this. While it is open no news disturbs it.
 */
export function EditableFact({ t, id, field, value, refused }: FactProps) {
  return (
    <div
      class="fact"
      id={`card-${field}`}
      data-editable
      data-saves-on-blur
      data-editing={refused ? '' : undefined}
      hx-morph-skip={refused ? '' : undefined}
    >
      <dt>
        <label for={`card-${field}-value`}>{t(`console.card.${field}`)}</label>
      </dt>
      <dd>
        <div class="shown" hidden={refused !== undefined}>
          {value === null ? (
            <button class="add" type="button" data-edit>
              <Icon name="add" small />
              {t(`console.card.add.${field}`)}
            </button>
          ) : (
            <>
              <Known field={field} value={value} />
              <IconButton icon="edit" label={t(`console.card.edit.${field}`)} data-edit />
            </>
          )}
        </div>
        <Editor t={t} id={id} field={field} value={value} {...(refused ? { refused } : {})} />
      </dd>
    </div>
  )
}

function Known({ field, value }: { field: EditableField; value: string }) {
  if (field === 'name') return <bdi>{value}</bdi>
  return (
    <a class="link" href={field === 'email' ? mailTo(value) : `tel:${value.replaceAll(/[^\d+]/g, '')}`}>
      <bdi>{value}</bdi>
    </a>
  )
}

// Encoded, so that an address cannot add a subject or another recipient.
const mailTo = (email: string): string => `mailto:${encodeURIComponent(email).replace('%40', '@')}`

function Editor({ t, id, field, value, refused }: FactProps) {
  const inputId = `card-${field}-value`
  const shared = {
    class: 'input',
    id: inputId,
    name: 'value',
    maxLength: longest[field],
    value: refused?.typed ?? value ?? '',
    autocomplete: 'off',
    enterkeyhint: 'done',
    'aria-invalid': refused?.problem ? true : undefined,
    'aria-describedby': `${inputId}-said`,
  } as const
  return (
    <form
      class="editor"
      action={`/c/${id}/contact/${field}`}
      method="post"
      data-method="PUT"
      data-lost={t('console.card.lost')}
      noValidate
      hidden={!refused}
    >
      {field === 'name' ? <input {...shared} type="text" dir="auto" /> : null}
      {field === 'email' ? <input {...shared} type="email" dir="ltr" /> : null}
      {field === 'phone' ? <input {...shared} type="tel" dir="ltr" /> : null}
      <input type="hidden" name="was" value={value ?? ''} />
      <Said t={t} id={`${inputId}-said`} {...(refused ? { refused } : {})} />
      <Buttons t={t} meanwhile={refused?.meanwhile !== null && refused !== undefined} />
    </form>
  )
}

/** Why it was not kept, beside what was typed. */
export function Said({ t, id, refused }: { t: Translate; id: string; refused?: Refused }) {
  return (
    <div class="error" id={id} role="alert" data-offline={t('console.card.not_saved')}>
      {refused?.problem ? <p>{refused.problem}</p> : null}
      {refused?.meanwhile ? <p data-meanwhile>{changedBy(t, refused.meanwhile)}</p> : null}
    </div>
  )
}

function changedBy(t: Translate, { value, agentName, at }: Meanwhile) {
  const name = agentName ?? ''
  const by = agentName === null ? '' : '.by'
  const words =
    value === null
      ? t(`console.card.meanwhile${by}.empty`, { name })
      : t(`console.card.meanwhile${by}`, { name, value })
  return (
    <>
      {words} {at === null ? null : <Time at={at} />}
    </>
  )
}

/** Enter and leaving do the same; after a change by somebody else it takes a choice. */
export function Buttons({ t, meanwhile }: { t: Translate; meanwhile: boolean }) {
  return (
    <div class="buttons">
      <button class="button" type="submit">
        {t(meanwhile ? 'console.card.meanwhile.mine' : 'console.card.save')}
      </button>
      <button class="button" type="button" data-kind="quiet" data-cancel>
        {t(meanwhile ? 'console.card.meanwhile.theirs' : 'console.card.cancel')}
      </button>
    </div>
  )
}
