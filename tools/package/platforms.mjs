// The platforms for which arkffi's package has a native module, by the names of the folders in prebuilds/:
// <process.platform>-<process.arch>, and for Linux the C library. The loader, the entry points of the package and the check
// before it is packed are made from this list. A platform that is added here needs its build in prebuilds/.

export const PLATFORMS = ['linux-x64-glibc', 'linux-x64-musl', 'linux-arm64-glibc', 'linux-arm64-musl'];

/** The path of a platform's native module in the package. */
export const prebuildOf = (platform) => `prebuilds/${platform}/liblibrary.node`;
