/** The TypeScript types of arguments and results, which those of fields need too. */

export type {
  AllToC,
  ArgumentType,
  AwaitedCallbackFunction,
  CallbackFunction,
  FromC,
  FunctionSignature,
  ReturnsOf,
  ToC,
} from '../struct/fields';
