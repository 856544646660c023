import { DockerfileParser, type Env, type Instruction, ModifiableInstruction } from 'dockerfile-ast'

/** One instruction: its flags (`--from=build`), and all that follows them as one text and as words. */
export type Step = {
  line: number
  keyword: string
  flags: Record<string, string>
  text: string
  words: string[]
  variables: Record<string, string>
}
export type Stage = { image: string; name: string | null; steps: Step[] }

/** The stages of a Dockerfile, each with its instructions in order. */
export function stagesOf(dockerfile: string): Stage[] {
  const stages: Stage[] = []
  for (const step of DockerfileParser.parse(dockerfile).getInstructions().map(stepOf)) {
    if (step.keyword === 'FROM') stages.push({ image: step.words[0] ?? '', name: step.words[2] ?? null, steps: [] })
    else stages.at(-1)?.steps.push(step)
  }
  return stages
}

function stepOf(instruction: Instruction): Step {
  const flags = instruction instanceof ModifiableInstruction ? instruction.getFlags() : []
  const text = (instruction.getArgumentsContent() ?? '').replace(/^(--\S+\s+)*/, '')
  const variables = instruction.getKeyword() === 'ENV' ? (instruction as Env).getProperties() : []
  return {
    line: (instruction.getRange()?.start.line ?? 0) + 1,
    keyword: instruction.getKeyword(),
    flags: Object.fromEntries(flags.map((flag) => [flag.getName(), flag.getValue() ?? ''])),
    text,
    words: text.split(/\s+/),
    variables: Object.fromEntries(variables.map((one) => [one.getName(), one.getValue() ?? ''])),
  }
}

/** A command in exec form (`["kontuar", "serve"]`), which no shell stands before; null in any other form. */
export function execForm(text: string): string[] | null {
  try {
    const words: unknown = JSON.parse(text)
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : null
  } catch {
    return null
  }
}

/** The command of a HEALTHCHECK. */
export const healthCommand = (step: Step): string[] | null => execForm(step.text.replace(/^CMD\s+/, ''))
