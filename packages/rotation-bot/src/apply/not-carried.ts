import { isPlainPath } from '@tidelock/git';
import type { PlannedFile } from '../plan/plan.ts';
import type { ApplySettings } from './applying.ts';

/** Why a file cannot go by the forge's interface, or null. */
export function notCarried(
  { path, mode }: PlannedFile,
  { allowUnsigned }: Pick<ApplySettings, 'allowUnsigned'>,
): string | null {
  if (!isPlainPath(path))
    return 'its name is not text (UTF-8), which the forge cannot be told: rename it, or rotate it by hand';
  if (path.startsWith('.github/workflows/'))
    return 'the bot may not write where workflows are: move it, or rotate it by hand';
  if (mode === '100755' && !allowUnsigned)
    return 'it is executable, which a signed commit cannot say: make it 100644, or run with --allow-unsigned';
  return null;
}
