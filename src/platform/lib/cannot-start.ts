/** Why the program cannot do what it was started for: one line for a person, no stack. The CLI prints it and exits 1. */
export class CannotStart extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CannotStart'
  }
}
