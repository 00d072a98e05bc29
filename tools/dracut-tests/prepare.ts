/** What is changed in a copy of a checkout of dracut-ng, so that its own tests run with our module in the images. */
import { ToolError } from '../project.ts';

/** The tests that run, by their folders. */
export const TESTS = ['TEST-20-STORAGE', 'TEST-26-ENC-RAID-LVM'] as const;

/** The degraded runs look for their name in a file of that name, which is never there: the second disk is always attached. */
const NEVER_DEGRADED = `! grep -qF 'degraded' "$test_name"`;

/** A test whose degraded runs lack a disk; as it was where a newer release has mended it. */
export const withDegradedRuns = (test: string): string =>
  test.replace(NEVER_DEGRADED, `[[ $test_name != *degraded* ]]`);

/** Our module, with the list of the test's images instead of that of this machine. `makeList` is a command in shell. */
export function moduleForTests(moduleSetup: string, makeList: string): string {
  const fill = "fill_image ''";
  if (moduleSetup.split(fill).length !== 2)
    throw new ToolError(`dracut/96reliable-raid/module-setup.sh has not one line with ${fill}`);
  const ours = `resolve() { ${makeList} "$IMAGE"; }\n\t\t${fill}`;
  return `${moduleSetup.replace(fill, () => ours)}\nneeds_arrays() { return 0; }\n`;
}
