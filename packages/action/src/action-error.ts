/** The action could not run: exit 2. `hint` says what to do now. */
export class ActionError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'ActionError';
    this.hint = hint;
  }
}
