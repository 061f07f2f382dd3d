// The part of `@kit.ArkTS` that the examples use: workers and the task pool.

export interface MessageEvents {
  readonly data: object;
}

export declare namespace worker {
  class ThreadWorker {
    constructor(script: string);
    onmessage?: (event: MessageEvents) => void;
    postMessage(message: object): void;
    terminate(): void;
  }
  interface ThreadWorkerGlobalScope {
    onmessage?: (event: MessageEvents) => void;
    postMessage(message: object): void;
    close(): void;
  }
  const workerPort: ThreadWorkerGlobalScope;
}

export declare namespace taskpool {
  function execute(task: Function, ...args: Object[]): Promise<Object>;
}
