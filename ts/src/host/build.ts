/** Whether a native module and this JavaScript belong together: they are made for each other. */

import type { NativeModule } from './bridge';
import { CONTRACT, VERSION } from './version.generated';

/** Why they do not, after the name of the module; undefined if they do. */
export function faultOfBuild({ version = 'of another version', contract }: Partial<NativeModule>): string | undefined {
  if (version !== VERSION) return `belongs to arkffi ${version}, and this is arkffi ${VERSION}`;
  return contract === CONTRACT ? undefined : `belongs to another build of arkffi ${VERSION} than this JavaScript`;
}
