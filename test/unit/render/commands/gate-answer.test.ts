import fc from 'fast-check';
import { test } from 'tap';
import { renderGate } from '../../../../src/core/render/commands/gate-answer.ts';

test('its answer as udev properties holds nothing that a rule would expand', async (t) => {
  t.equal(
    renderGate({ gate: 'hold', why: 'md0 runs, "$env{x}" %k\\\n`id`' }, true),
    'RELIABLE_RAID_GATE=hold\nRELIABLE_RAID_WHY="md0 runs, __env_x__ _k___id_"',
  );
  t.equal(renderGate({ gate: 'pass', why: 'it may join' }, false), 'pass: it may join');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (why) => {
      const lines = renderGate({ gate: 'hold', why }, true).split('\n');
      return (
        lines.length === 2 && /^RELIABLE_RAID_WHY="[A-Za-z0-9 .,:;()/+_=!-]{0,200}"$/.test(lines[1] ?? '')
      );
    }),
  );
});
