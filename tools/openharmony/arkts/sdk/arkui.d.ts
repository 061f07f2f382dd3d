// The part of ArkUI that the example page uses. OpenHarmony's SDK, which has all of it, is not a package of npm.

interface CommonAttribute {
  width(value: string | number): this;
  height(value: string | number): this;
  padding(value: number): this;
  onClick(handler: () => void): this;
}
interface TextAttribute extends CommonAttribute {
  fontSize(value: number): this;
}
interface ColumnAttribute extends CommonAttribute {}
interface ButtonAttribute extends CommonAttribute {}
interface ColumnOptions {
  space?: number;
}

declare const Column: (options?: ColumnOptions) => ColumnAttribute;
declare const Text: (content?: string) => TextAttribute;
declare const Button: (label?: string) => ButtonAttribute;
declare const Common: CommonAttribute;
declare const CommonInstance: CommonAttribute;

declare const Entry: ClassDecorator;
declare const Component: ClassDecorator;
declare const State: PropertyDecorator;
declare const Concurrent: MethodDecorator;

declare class CustomComponent {
  build(): void;
  aboutToAppear?(): void;
  aboutToDisappear?(): void;
}

interface Console {
  log(message: unknown, ...more: unknown[]): void;
  error(message: unknown, ...more: unknown[]): void;
}
declare const console: Console;
declare function setTimeout(handler: () => void, milliseconds: number): number;
declare function clearTimeout(timer: number): void;
