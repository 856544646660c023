// Reads our own documentation, so that tests can hold it to what the code does.

export type Section = { heading: string; level: number; body: string }
export type Row = Record<string, string>

const inFence = /^(`{3,})[^\n]*\n[\s\S]*?^\1[ \t]*$/gm

/** A page cut at its headings, in order; each with the text up to the next heading. */
export function sections(page: string): Section[] {
  const shielded = page.replace(inFence, (fence) => fence.replaceAll('\n#', '\n\u0000#'))
  return shielded
    .split(/^(?=#{1,6} )/m)
    .filter((part) => part.startsWith('#'))
    .map((part) => {
      const [line = '', ...rest] = part.replaceAll('\u0000', '').split('\n')
      const hashes = /^#+/.exec(line)?.[0] ?? ''
      return { heading: line.slice(hashes.length).trim(), level: hashes.length, body: rest.join('\n') }
    })
}

/** The sections below the one with this heading, down to the next of its level. */
export function below(all: Section[], heading: string): Section[] {
  const start = all.findIndex((section) => section.heading === heading)
  const level = all[start]?.level
  if (level === undefined) throw new Error(`no section is called ${heading}`)
  const rest = all.slice(start + 1)
  const end = rest.findIndex((section) => section.level <= level)
  return end < 0 ? rest : rest.slice(0, end)
}

/** Every table of a text, as rows by the name of the column. */
export function tables(text: string): Row[][] {
  const blocks = text.match(/(^\|.*\|[ \t]*\n?)+/gm) ?? []
  return blocks.map((block) => {
    const [head = [], , ...rows] = block.trim().split('\n').map(cells)
    return rows.map((row) => Object.fromEntries(head.map((name, column) => [name, row[column] ?? ''])))
  })
}

const cells = (line: string): string[] =>
  line
    .trim()
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())

/** The fenced blocks of a text, with what stands behind the opening fence. */
export const fences = (text: string): { info: string; text: string }[] =>
  [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = '', inside = '']) => ({ info, text: inside }))

/** What stands in backticks. */
export const quoted = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, inside = '']) => inside)

/** The anchor that a heading gets, as GitHub makes it. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
