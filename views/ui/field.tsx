import type { InputHTMLAttributes } from 'preact'

type FieldProps = {
  name: string
  label: string
  type?: 'text' | 'email' | 'password'
  value?: string
  hint?: string
  error?: string | null
  autocomplete: NonNullable<InputHTMLAttributes['autocomplete']>
  minLength?: number
  maxLength?: number
  autofocus?: boolean
}

/** A labelled line to type in, with its hint and what is wrong with it. */
export function Field(props: FieldProps) {
  const { name, label, type = 'text', value, hint, error, autocomplete, minLength, maxLength, autofocus } = props
  const hintId = `${name}-hint`
  const errorId = `${name}-error`
  const described = [...(hint ? [hintId] : []), ...(error ? [errorId] : [])].join(' ')
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        class="input"
        id={name}
        name={name}
        type={type}
        value={value}
        required
        autocomplete={autocomplete}
        minLength={minLength}
        maxLength={maxLength}
        autofocus={autofocus}
        dir={type === 'email' ? 'ltr' : 'auto'}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={described || undefined}
      />
      {hint ? (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      ) : null}
      {error ? (
        <p class="error" id={errorId}>
          {error}
        </p>
      ) : null}
    </div>
  )
}
