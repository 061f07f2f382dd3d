// The part of hvigor's plug-in, OpenHarmony's build system, that hvigorfile.ts uses.

export declare const harTasks: object;
