/** The TypeScript types of arguments and results, which those of fields need too. */

export type {
  AllToC,
  AllToCallback,
  ArgumentType,
  AwaitedCallbackFunction,
  CallbackArgumentType,
  CallbackFunction,
  FromC,
  FunctionSignature,
  ReturnsOf,
  ToC,
} from '../struct/fields';
