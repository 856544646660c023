type FieldProps = {
  name: string
  label: string
  type?: 'text' | 'email' | 'password'
  value?: string
  hint?: string
  error?: string | null
  autocomplete: string
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
  const shared = {
    class: 'input',
    id: name,
    name,
    value,
    required: true,
    autocomplete,
    minLength,
    maxLength,
    autofocus,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': described || undefined,
  }
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {type === 'email' ? <input {...shared} type="email" dir="ltr" /> : null}
      {type === 'password' ? <input {...shared} type="password" /> : null}
      {type === 'text' ? <input {...shared} type="text" dir="auto" /> : null}
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
