import { parseSync } from 'oxc-parser'

/** A place in a source where the store is read or written. `place` is `path:line:column`, of the source as it stands. */
export type StoreCall = { place: string; shown: string; start: number; end: number }

type Node = { type: string; start: number; end: number; [key: string]: unknown }

const writes = new Set(['write', 'writeLocking', 'writeToProbe'])
const handleTypes = new Set(['Db', 'Tx', 'Executor'])

/**
 * Every call of a source that reaches the store: the writes, what is begun on a handle (`tx.insert`, `db.select`, also on a
 * query that was begun and put aside) or given one by platform/db (`insertAll(tx, …)`), and each run of a prepared query.
 */
export function storeCalls(path: string, source: string): StoreCall[] {
  const { program, errors } = parseSync(path, source, { sourceType: 'module' })
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const nodes: Node[] = []
  walk(program, (node) => nodes.push(node))
  const names = { handles: handlesIn(nodes), ofStore: importedFromStore(nodes) }
  const calls = nodes.flatMap((node) => {
    const reached = reachedBy(node, names)
    return reached ? [{ ...reached, call: node }] : []
  })
  return calls.map(({ start, end, call }) => ({
    place: `${path}:${lineAndColumn(source, start)}`,
    shown: shown(source, call),
    start,
    end,
  }))
}

/** The source with each call of the store marked: it says its place to `globalThis.storeCalled` whenever it is reached. */
export function marked(path: string, source: string): string {
  const pieces = storeCalls(path, source).flatMap(({ place, start, end }) => [
    { at: start, text: `storeCalled(${JSON.stringify(place)}, ` },
    { at: end, text: ')' },
  ])
  let text = source
  for (const piece of pieces.toSorted((a, b) => b.at - a.at))
    text = text.slice(0, piece.at) + piece.text + text.slice(piece.at)
  return text
}

type Names = { handles: Set<string>; ofStore: Set<string> }

/** The expression through which a call reaches the store: a handle, a prepared query, or a function that writes. */
function reachedBy({ type, callee, arguments: given }: Node, { handles, ofStore }: Names): Node | null {
  if (type !== 'CallExpression' || !isNode(callee)) return null
  if (callee.type === 'Identifier') {
    const [first] = given as Node[]
    const isGivenHandle = ofStore.has(nameOf(callee)) && handles.has(nameOf(first))
    return writes.has(nameOf(callee)) || isGivenHandle ? callee : null
  }
  if (callee.type !== 'MemberExpression' || !isNode(callee.object)) return null
  if (handles.has(nameOf(callee.object)) || nameOf(callee.property) === 'execute') return callee.object
  return null
}

/** What platform/db lends that may be given a handle to read or write with. */
function importedFromStore(nodes: Node[]): Set<string> {
  const imports = nodes.filter(
    ({ type, source }) => type === 'ImportDeclaration' && /(platform|\.\.)\/db\//.test(String((source as Node).value)),
  )
  const names = imports.flatMap(({ specifiers }) => (specifiers as Node[]).map(({ local }) => nameOf(local)))
  return new Set(names.filter((name) => name !== 'afterCommit'))
}

/** The names under which a source has the store in hand. */
function handlesIn(nodes: Node[]): Set<string> {
  const names = new Set(['db', 'tx'])
  for (const node of nodes) {
    if (handleTypes.has(typeOf(node))) names.add(nameOf(node))
    if (node.type === 'CallExpression' && /^(prepared|write\w*)$/.test(nameOf(node.callee))) {
      const [body] = node.arguments as Node[]
      const [first] = (body?.params ?? []) as Node[]
      if (first) names.add(nameOf(first))
    }
  }
  // A query that was begun and not yet run is a handle too, and what is begun on that one.
  const begun = nodes.filter(({ type }) => type === 'VariableDeclarator')
  for (let known = 0; known !== names.size; ) {
    known = names.size
    for (const { id, init } of begun) if (names.has(rootOf(init))) names.add(nameOf(id))
  }
  names.delete('')
  return names
}

/** The name that a chain of calls begins with. */
function rootOf(node: unknown): string {
  if (!isNode(node)) return ''
  if (node.type === 'CallExpression')
    return isNode(node.callee) && node.callee.type === 'MemberExpression' ? rootOf(node.callee) : ''
  if (node.type === 'MemberExpression') return rootOf(node.object)
  return nameOf(node)
}

const typeOf = ({ typeAnnotation }: Node): string => {
  const type = isNode(typeAnnotation) ? typeAnnotation.typeAnnotation : null
  return isNode(type) ? nameOf(type.typeName) : ''
}

const nameOf = (node: unknown): string => (isNode(node) && node.type === 'Identifier' ? String(node.name) : '')

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) for (const item of node) walk(item, visit)
  if (!isNode(node)) return
  visit(node)
  for (const child of Object.values(node)) walk(child, visit)
}

function lineAndColumn(source: string, offset: number): string {
  const lines = source.slice(0, offset).split('\n')
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
}

const shown = (source: string, { start, end }: Node): string =>
  source
    .slice(start, end)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=\.\w)/g, '')
    .slice(0, 60)
