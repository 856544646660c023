import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** A bug: what stands in the real code, and what stands there instead. */
export type Patch = { file: string; find: string; replace: string }

export const root = resolve(import.meta.dir, '../..')

/** A copy of everything that the server under test is made of, in `folder`. */
export function copyOfTheTree(folder: string): string {
  const tree = mkdtempSync(join(folder, 'tree-'))
  for (const part of [
    'src',
    'views',
    'public',
    'migrations',
    'tests/crash',
    'tests/support',
    'package.json',
    'tsconfig.json',
  ])
    cpSync(join(root, part), join(tree, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
  return tree
}

/** Replaces a text that occurs exactly once; a folder stands for the one file in it that has the text. */
export function plant(tree: string, { file, find, replace }: Patch): void {
  const paths = file.endsWith('/')
    ? readdirSync(join(tree, file)).map((name) => join(tree, file, name))
    : [join(tree, file)]
  const holding = paths.filter((path) => path.includes('.') && readFileSync(path, 'utf8').includes(find))
  const [path] = holding
  const parts = path === undefined ? [] : readFileSync(path, 'utf8').split(find)
  if (path === undefined || holding.length !== 1 || parts.length !== 2)
    throw new Error(`"${find}" must occur once in ${file}`)
  writeFileSync(path, parts.join(replace))
}
