import { test } from 'tap';
import {
  allowedValues,
  DEFAULTS,
  isAllowed,
  isSettingName,
  meaningOf,
  PER_ARRAY,
  SETTING_NAMES,
} from '../../../../src/app/configuration/settings.ts';

test('every default is one of its own allowed values, and each says what it allows and means', async (t) => {
  t.ok(SETTING_NAMES.length >= 8);
  for (const name of SETTING_NAMES) {
    t.ok(isAllowed(name, DEFAULTS[name]), name);
    t.match(allowedValues(name), /^(whole seconds from 0 to 86400|true, false|"\w+"(, "\w+")+)$/, name);
    t.not(meaningOf(name), '', name);
    t.ok(allowedValues(name).includes(typeof DEFAULTS[name] === 'number' ? 'seconds' : `${DEFAULTS[name]}`));
  }
  for (const name of PER_ARRAY) t.ok(isSettingName(name), name);
  t.notOk(isSettingName('toString'));
});

test('what the schema refuses', async (t) => {
  for (const value of [-1, 0.5, 86_401, '30', null, undefined, Number.NaN, true, [], {}])
    t.notOk(isAllowed('wait', value), String(value));
  for (const value of ['Start', '', 1, true, ['start']]) t.notOk(isAllowed('degraded', value), String(value));
  for (const value of [0, 1, 'true', null]) t.notOk(isAllowed('strict', value), String(value));
});
