import { write } from './writing.ts'

/** What comes with styles from elsewhere keeps what our markup can say, and loses the rest. */
export function pasted(event: ClipboardEvent): void {
  const box = event.target as HTMLTextAreaElement
  const html = event.clipboardData?.getData('text/html') ?? ''
  const plain = event.clipboardData?.getData('text/plain') ?? ''
  if (html === '') return
  const text = markupOf(html)
  if (text === '' || text === plain) return
  event.preventDefault()
  write(box, text)
}

// While a text is gathered: a line ends here, and beside it an empty one, and a space that is meant.
const [line, gap, space] = ['\u0001', '\u0002', '\u0003']

/** A foreign page's text in our markup. It is read as a document of its own, in which nothing runs or loads. */
export function markupOf(html: string): string {
  const { body } = new DOMParser().parseFromString(html.replaceAll(/[\u0001-\u0003]/g, ''), 'text/html')
  return said(body, { list: null, pre: false })
    .replaceAll(/[ \u00a0]+/g, ' ')
    .replaceAll(/[\u0001\u0002\n ]+/g, endsOf)
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(space, ' ')
    .trim()
}

/** What stands between two lines, or the spaces and breaks that were meant. */
function endsOf(between: string): string {
  if (between.includes(gap)) return '\n\n'
  return between.includes(line) ? '\n' : between
}

type Around = { list: 'ul' | 'ol' | null; pre: boolean }

const silent = new Set([
  'script',
  'style',
  'head',
  'template',
  'noscript',
  'iframe',
  'object',
  'svg',
  'title',
  'meta',
  'link',
])
const blocks = new Set(
  'address article aside blockquote div dl dt dd figure footer form header li main nav ol p pre section table tr ul h1 h2 h3 h4 h5 h6'.split(
    ' ',
  ),
)

const said = (node: Node, around: Around): string => [...node.childNodes].map((child) => piece(child, around)).join('')

function piece(node: Node, around: Around): string {
  if (node.nodeType === Node.TEXT_NODE) {
    const text = node.textContent ?? ''
    return around.pre ? text.replaceAll(' ', space) : text.replaceAll(/[ \t\r\n]+/g, ' ')
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return ''
  const element = node as HTMLElement
  const name = element.localName
  if (silent.has(name)) return ''
  if (name === 'br') return '\n'
  if (name === 'img') return element.getAttribute('alt') ?? ''
  if (name === 'pre')
    return `${line}\`\`\`\n${said(element, { list: null, pre: true }).replace(/\n$/, '')}\n\`\`\`${line}`
  if (name === 'li')
    return `${line}${bullet(element, around)}${trimmed(said(element, { ...around, list: null }))}${line}`
  const list = name === 'ul' || name === 'ol' ? name : around.list
  const inside = said(element, { ...around, list })
  if (name === 'td' || name === 'th') return `${trimmed(inside)} `
  return blocks.has(name) ? asBlock(name, inside) : inline(element, inside)
}

const trimmed = (text: string): string => text.replaceAll(/^[\s\u0001\u0002]+|[\s\u0001\u0002]+$/g, '')

function asBlock(name: string, inside: string): string {
  const text = trimmed(inside)
  if (/^h[1-6]$/.test(name)) return `${gap}${emphasised(text, '**')}${gap}`
  const end = name === 'p' ? gap : line
  return `${end}${text}${end}`
}

function bullet(item: HTMLElement, { list }: Around): string {
  if (list !== 'ol') return '- '
  const items = [...(item.parentElement?.children ?? [])].filter(({ localName }) => localName === 'li')
  return `${items.indexOf(item) + 1}. `
}

function inline(element: HTMLElement, inside: string): string {
  const { localName: name, style } = element
  if (name === 'a') return link(element as HTMLAnchorElement, inside)
  if (name === 'code' || name === 'kbd' || name === 'samp') return emphasised(inside, '`')
  const weight = style.fontWeight
  const isBold = weight === '' ? name === 'b' || name === 'strong' : weight === 'bold' || Number(weight) >= 600
  const isItalic = style.fontStyle === '' ? name === 'i' || name === 'em' : style.fontStyle === 'italic'
  const bold = isBold ? emphasised(inside, '**') : inside
  return isItalic ? emphasised(bold, '_') : bold
}

/** The sign on both sides of the words; over several lines it would be read as a sign alone. */
function emphasised(inside: string, sign: string): string {
  const words = inside.trim()
  if (words === '' || /[\n\u0001\u0002]/.test(words)) return inside
  const at = inside.indexOf(words)
  return `${inside.slice(0, at)}${sign}${words}${sign}${inside.slice(at + words.length)}`
}

function link(element: HTMLAnchorElement, inside: string): string {
  const to = element.getAttribute('href') ?? ''
  const words = inside.trim().replaceAll(/[[\]\n\u0001-\u0003]/g, ' ')
  if (!/^(https?:\/\/|mailto:|tel:)[^\s()]+$/i.test(to) || words === '') return inside
  return words === to || `${words}/` === to ? to : `[${words}](${to})`
}
