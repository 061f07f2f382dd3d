/** What is wrong with the command or its input, with a code. The command prints it without a stack trace. */
export class Failure extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}
