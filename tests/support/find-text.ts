import { parseSync } from 'oxc-parser'

type Node = { type: string; start: number; [key: string]: unknown }

const spokenAttributes =
  /^(aria-(label|description|roledescription|placeholder|valuetext)|title|placeholder|alt|label)$/
const spokenProperties = /^(textContent|innerText|title|placeholder|ariaLabel|ariaDescription|alt|label)$/

/** Where a source holds words for people to read, which belong into a catalogue: `line: text` each. */
export function findText(file: string, source: string): string[] {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const found: Node[] = []
  walk(program as unknown as Node, (node) => found.push(...spokenBy(node)))
  return found.map((node) => `${source.slice(0, node.start).split('\n').length}: ${wordsOf(node).trim()}`)
}

function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) for (const item of node) walk(item, visit)
  if (!isNode(node)) return
  visit(node)
  for (const [key, child] of Object.entries(node)) if (key !== 'parent') walk(child, visit)
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

function spokenBy(node: Node): Node[] {
  switch (node.type) {
    case 'JSXText':
      return spoken(node)
    case 'JSXElement':
    case 'JSXFragment':
      return (node.children as Node[]).filter(({ type }) => type === 'JSXExpressionContainer').flatMap(spoken)
    case 'JSXAttribute':
      return spokenAttributes.test(nameOf(node.name)) ? spoken(node.value) : []
    case 'AssignmentExpression':
      return spokenProperties.test(nameOf((node.left as Node).property)) ? spoken(node.right) : []
    case 'CallExpression':
      return setsAttribute(node) ? spoken((node.arguments as Node[])[1]) : []
    default:
      return []
  }
}

const nameOf = (node: unknown): string => (isNode(node) && typeof node.name === 'string' ? node.name : '')

function setsAttribute({ callee, arguments: given }: Node): boolean {
  const [name] = given as Node[]
  return nameOf((callee as Node).property) === 'setAttribute' && spokenAttributes.test(String(name?.value))
}

/** The literals with letters that the value of an expression may come from. */
function spoken(node: unknown): Node[] {
  if (!isNode(node)) return []
  switch (node.type) {
    case 'JSXExpressionContainer':
      return spoken(node.expression)
    case 'ConditionalExpression':
      return [...spoken(node.consequent), ...spoken(node.alternate)]
    case 'LogicalExpression':
    case 'BinaryExpression':
      return node.operator === '===' || node.operator === '!==' ? [] : [...spoken(node.left), ...spoken(node.right)]
    default:
      return /\p{L}/u.test(wordsOf(node)) ? [node] : []
  }
}

function wordsOf(node: Node): string {
  if (node.type === 'TemplateLiteral')
    return (node.quasis as { value: { raw: string } }[]).map(({ value }) => value.raw).join(' ')
  const isText = node.type === 'JSXText' || node.type === 'Literal'
  return isText && typeof node.value === 'string' ? node.value : ''
}
