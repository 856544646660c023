import type { ComponentChildren } from 'preact'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** What was typed, why it is not kept as a whole, and what is wrong with each field. */
export type SheetRefused = { typed: Record<string, string>; words: string; faults: Record<string, string> }

/** A dialog that is made for the moment: the script fetches it, sends its form, and puts what comes back in its place. */
export function Sheet({ t, title, children }: { t: Translate; title: string; children: ComponentChildren }) {
  return (
    <Dialog t={t} id="sheet" title={title}>
      <div class="sheet">{children}</div>
    </Dialog>
  )
}

type FormProps = {
  t: Translate
  action: string
  method: 'POST' | 'PUT'
  /** Said when it is kept. */
  said: string
  /** Which version the one who types has seen. */
  version?: number | undefined
  refused?: SheetRefused | undefined
  /** How it is taken away; undone for a while. */
  removal?: { words: string; said: string } | undefined
  /** Who asks for itself then, when it is not the card. */
  then?: string
  children: ComponentChildren
}

/** The form of a sheet. */
export function SheetForm({ t, action, method, said, version, refused, removal, then, children }: FormProps) {
  return (
    <form
      class="sheet-form"
      action={action}
      data-method={method}
      data-said={said}
      data-then={then}
      data-offline={t('console.card.not_saved')}
      noValidate
    >
      {version === undefined ? null : <input type="hidden" name="version" value={version} />}
      {children}
      <p class="error" role="alert">
        {refused?.words}
      </p>
      <footer>
        <Button kind="primary" type="submit">
          {t('console.card.save')}
        </Button>
        <Button kind="quiet" data-closes>
          {t('console.card.cancel')}
        </Button>
        {removal === undefined ? null : (
          <Button
            kind="quiet"
            icon="delete"
            data-ask="PUT"
            data-undo="DELETE"
            data-address={`${action}/removal`}
            data-said={removal.said}
            data-closes
          >
            {removal.words}
          </Button>
        )}
      </footer>
    </form>
  )
}

type FieldProps = {
  name: string
  label: string
  value?: string
  max?: number
  dir?: 'ltr' | 'auto'
  hint?: string
  refused?: SheetRefused | undefined
  inputmode?: 'numeric' | 'decimal'
  /** Names of which one may be meant. */
  among?: readonly string[]
  /** How many rows to write in; true: two. */
  area?: boolean | number
}

/** A labelled line, or several, with what is wrong beside it. */
export function TextField(props: FieldProps) {
  const { name, label, value = '', max, dir = 'auto', hint, refused, inputmode, among, area } = props
  const fault = refused?.faults[name]
  const shared = {
    class: 'input',
    id: `sheet-${name}`,
    name,
    dir,
    maxLength: max,
    autocomplete: 'off',
    'aria-invalid': fault ? true : undefined,
    'aria-describedby': fault || hint ? `sheet-${name}-hint` : undefined,
  } as const
  const shown = refused?.typed[name] ?? value
  return (
    <div class="field">
      <label for={shared.id}>{label}</label>
      {area ? (
        <textarea {...shared} rows={area === true ? 2 : area} defaultValue={shown} />
      ) : (
        <input
          {...shared}
          type="text"
          value={shown}
          inputMode={inputmode}
          list={among === undefined ? undefined : `${shared.id}-among`}
        />
      )}
      {among === undefined ? null : (
        <datalist id={`${shared.id}-among`}>
          {among.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      <Hint name={name} hint={hint} fault={fault} />
    </div>
  )
}

function Hint({ name, hint, fault }: { name: string; hint: string | undefined; fault: string | undefined }) {
  if (!fault && !hint) return null
  return (
    <p class={fault ? 'error' : 'hint'} id={`sheet-${name}-hint`}>
      {fault ?? hint}
    </p>
  )
}

/** A moment, typed in the reader's own time: the script shows and sends it so. */
export function MomentField(props: {
  name: string
  label: string
  at: number | null
  refused?: SheetRefused | undefined
}) {
  const { name, label, at, refused } = props
  const fault = refused?.faults[name]
  const typed = refused?.typed[name]
  return (
    <div class="field">
      <label for={`sheet-${name}`}>{label}</label>
      <input
        class="input"
        id={`sheet-${name}`}
        name={name}
        type="datetime-local"
        data-at={typed ?? (at === null ? 'now' : new Date(at).toISOString())}
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault ? `sheet-${name}-hint` : undefined}
      />
      <Hint name={name} hint={undefined} fault={fault} />
    </div>
  )
}

export type Option = { value: string; label: string }

/** One of several. */
export function ChoiceField(props: {
  name: string
  label: string
  value: string
  options: Option[]
  refused?: SheetRefused | undefined
}) {
  const { name, label, value, options, refused } = props
  const shown = refused?.typed[name] ?? value
  const fault = refused?.faults[name]
  return (
    <div class="field">
      <label for={`sheet-${name}`}>{label}</label>
      <select class="select" id={`sheet-${name}`} name={name} aria-invalid={fault ? true : undefined}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === shown}>
            {option.label}
          </option>
        ))}
      </select>
      <Hint name={name} hint={undefined} fault={fault} />
    </div>
  )
}
