// The part of `@ohos/hypium`, OpenHarmony's test framework, that the tests of the HAR use.

export interface Assert {
  assertEqual(value: unknown): void;
  assertTrue(): void;
  assertFalse(): void;
  assertThrowError(message: string): void;
}

export declare function describe(name: string, tests: () => void): void;
export declare function it(name: string, attributes: number, test: (done: Function) => void | Promise<void>): void;
export declare function expect(value: unknown): Assert;
