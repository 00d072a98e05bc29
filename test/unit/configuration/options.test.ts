import { test } from 'tap';
import { allowedValues, OPTIONS, PER_ARRAY } from '../../../src/core/configuration/options.ts';

test('every preset is one of its own allowed values, and each says what it allows', async (t) => {
  for (const [name, option] of Object.entries(OPTIONS)) {
    const words = allowedValues(option);
    if (option.kind === 'seconds') {
      t.ok(option.preset >= option.min && option.preset <= option.max, name);
      t.match(words, new RegExp(`${option.min} to ${option.max}`), name);
    } else if (option.kind === 'choice') {
      t.ok(
        option.choices.some((word) => word === option.preset),
        name,
      );
      for (const word of option.choices) t.match(words, `"${word}"`, name);
    } else t.equal(words, 'true, false', name);
    t.not(option.help, '', name);
  }
  for (const name of PER_ARRAY) t.ok(name in OPTIONS, name);
});
