import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { validate } from 'dockerfile-utils'
import { execForm, healthCommand, type Stage, stagesOf, type Step } from './dockerfile.ts'

/** What is wrong with a Dockerfile whose context is the folder `context`, one line each; none when nothing is. */
export function complaints(dockerfile: string, context: string): string[] {
  const stages = stagesOf(dockerfile)
  const syntax = validate(dockerfile).map(({ message, range }) => {
    return `line ${range.start.line + 1}: ${typeof message === 'string' ? message : message.value}`
  })
  const steps = stages.flatMap((stage) => stage.steps.map((step) => [step, faultOf(step, stages, context)] as const))
  return [
    ...syntax,
    ...stages.flatMap((stage) => (isPinned(stage.image, stages) ? [] : [`${stage.image}: name a version`])),
    ...steps.flatMap(([step, fault]) => (fault ? [`line ${step.line}: ${fault}`] : [])),
    ...faultsOfImage(stages.at(-1)?.steps ?? []),
  ]
}

const isPinned = (image: string, stages: Stage[]): boolean =>
  stages.some(({ name }) => name === image) || /@sha256:|:(?!latest$)[\w.-]+$/.test(image)

function faultOf(step: Step, stages: Stage[], context: string): string | null {
  switch (step.keyword) {
    case 'ADD':
      return 'COPY says what it does; ADD also unpacks and fetches'
    case 'COPY':
      return faultOfCopy(step, stages, context)
    case 'RUN':
      return faultOfRun(step.text)
    case 'WORKDIR':
      return step.text.startsWith('/') ? null : 'WORKDIR from the root'
    case 'CMD':
    case 'ENTRYPOINT':
      return execForm(step.text) ? null : 'in this form a shell gets the signals'
    case 'HEALTHCHECK':
      return healthCommand(step) ? null : 'in this form a shell is needed'
    default:
      return null
  }
}

function faultOfCopy({ flags, words }: Step, stages: Stage[], context: string): string | null {
  const { from } = flags
  if (from !== undefined) return stages.some(({ name }) => name === from) ? null : `there is no stage ${from}`
  const missing = words.slice(0, -1).filter((path) => !existsSync(join(context, path)))
  if (words.slice(0, -1).includes('.')) return 'name what is copied: all may hold data and keys'
  return missing.length === 0 ? null : `there is no ${missing.join(', ')}`
}

function faultOfRun(text: string): string | null {
  if (/\bsudo\b/.test(text)) return 'RUN is root already'
  if (!/\bapt(-get)? (-\S+ )*install\b/.test(text)) return null
  if (!text.includes('--no-install-recommends')) return 'apt-get install without --no-install-recommends'
  return text.includes('rm -rf /var/lib/apt/lists') ? null : 'apt leaves its lists in the image'
}

/** What the image as a whole lacks: somebody who runs it, a volume, a command and a way to ask how it is. */
function faultsOfImage(steps: Step[]): string[] {
  const last = (keyword: string) => steps.findLast((step) => step.keyword === keyword)
  const user = last('USER')?.text.split(':')[0] ?? 'root'
  const needed = ['ENTRYPOINT', 'HEALTHCHECK', 'VOLUME'].filter((keyword) => !last(keyword))
  return [...needed.map((keyword) => `no ${keyword}`), ...(/^(root|0)$/.test(user) ? ['it runs as root'] : [])]
}
