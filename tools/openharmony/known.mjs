// Tests that fail in the sandbox of OpenHarmony, and why: what the sandbox is not, or what is not arkffi's. A test that is
// named here and passes is a failure too, so that the list stays short.

const noFile = (name) => `the sandbox has no ${name}`;
const ofHost = 'the host of the sandbox is linked otherwise than an application';

/** By file, the reason for each test; or for the whole file, if it cannot run at all. */
export const KNOWN = {
  x86_64: {},
  'arm64-v8a': {},
};

void noFile;
void ofHost;
