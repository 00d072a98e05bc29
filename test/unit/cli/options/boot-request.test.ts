import t from 'tap';
import { BOOT } from '../../../../src/cli/command-table.ts';
import { bootRequest } from '../../../../src/cli/options/boot-request.ts';

t.test('the stages in the help are those that boot takes', async (t) => {
  const [stages = ''] = BOOT.options.filter(({ flag }) => flag === 'stage').map(({ meaning }) => meaning);
  for (const stage of stages.split(/, | or /)) t.type(bootRequest(stage, undefined, ''), 'object', stage);
  t.type(bootRequest(undefined, undefined, ''), 'string');
});
