/**
 * JSON without the page's `JSON`: old libraries give arrays and texts a `toJSON` of their own, and pages put other functions
 * in its place. What was written here must be read again, by these or by a browser's own.
 */
export function writeJson(value: unknown): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number') return value - value === 0 ? `${value}` : 'null'
  if (typeof value !== 'object' || value === null) return 'null'
  const known = value as Record<string, unknown>
  let members = ''
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) members += `${at ? ',' : ''}${writeJson(value[at])}`
    return `[${members}]`
  }
  for (const name of Object.keys(known)) {
    if (known[name] !== undefined) members += `${members && ','}${quote(name)}:${writeJson(known[name])}`
  }
  return `{${members}}`
}

const mustEscape = /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]/g

const quote = (text: string) =>
  `"${text.replace(mustEscape, (one) => `\\u${(one.charCodeAt(0) + 0x10000).toString(16).slice(1)}`)}"`

const token = /([{}[\]:,]|"(?:[^"\\]|\\.)*"|true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*/y
const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** Reads JSON; throws at what is none. */
export function readJson(text: string): unknown {
  let at = 0
  while (at < text.length && text.charCodeAt(at) <= 32) at++
  const next = (): string => {
    token.lastIndex = at
    const [whole = '', one = ''] = token.exec(text) ?? []
    if (!one) throw new SyntaxError('no JSON')
    at += whole.length
    return one
  }
  const value = read(next(), next)
  if (at !== text.length) throw new SyntaxError('no JSON')
  return value
}

function read(first: string, next: () => string): unknown {
  if (first[0] === '"') return unquote(first)
  if (first === '{') return readObject(next)
  if (first === '[') return readArray(next)
  if (first === 'true' || first === 'false') return first === 'true'
  if (first === 'null') return null
  const number = +first
  if (number !== number) throw new SyntaxError('no JSON')
  return number
}

function readObject(next: () => string): object {
  const made: Record<string, unknown> = {}
  for (let name = next(); name !== '}'; ) {
    if (name[0] !== '"' || next() !== ':') throw new SyntaxError('no JSON')
    // An own property whatever the prototypes have: assigning would call a setter, or fail at a frozen one.
    Object.defineProperty(made, unquote(name), {
      value: read(next(), next),
      enumerable: true,
      configurable: true,
      writable: true,
    })
    const end = next()
    if (end === '}') break
    if (end !== ',') throw new SyntaxError('no JSON')
    name = next()
    if (name === '}') throw new SyntaxError('no JSON')
  }
  return made
}

function readArray(next: () => string): unknown[] {
  const made: unknown[] = []
  for (let one = next(); one !== ']'; one = next()) {
    made[made.length] = read(one, next)
    const end = next()
    if (end === ']') break
    if (end !== ',') throw new SyntaxError('no JSON')
  }
  return made
}

const unquote = (quoted: string) =>
  quoted
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, one: string) =>
      code ? String.fromCharCode(Number.parseInt(code, 16)) : (escapes[one] ?? one),
    )
