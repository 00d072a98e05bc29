import type { EventKind } from './event.ts';

/** MESSAGE_ID of each kind in the journal (systemd.journal-fields(7)): for ever, since people's filters name them. */
export const MESSAGE_IDS: Readonly<Record<EventKind, string>> = {
  'array-failed': '2b10fd5cf2ef4db2a56e70a29a43672e',
  'not-started': '7660a5c30e1748da9da9d6335a3d29fe',
  'question-open': '8cf762ccf59f42c09bc1b33f8d8e6247',
  degraded: 'bb34c8dd6e164c928a699f4fb2b08004',
  'member-held': '1c88776b72094080a39692a407010ba9',
  'program-gave-way': '52ef49cc4cb54de5a15cca23976288fc',
  'boot-endangered': 'c5c98d8deb1349d2a53c95a303c410da',
  'image-outdated': '155b57ac3edb42c689791fc7d51f807a',
  'channel-failed': 'b86c310b887d4ba1946179c715f2faf7',
  'started-degraded': 'e1c287ce780b4a53972643f43471740e',
  'question-answered': 'da7a8ba727e84e879561b362bd65d713',
  'member-failed': '38a94f74b1bf48a3bd862b3082ecde49',
  'member-gone': '00702caad47446df8e0183131b2ad883',
  'member-back': 'e067bdb7ead3430a8250db678ae35aa7',
  'member-readded': '7b03eee031b54091a1bc8190d0b46a12',
  'rebuild-finished': '27e4d90b26aa456a96266f5172249751',
};

/** A notice that only tries the channels. */
export const TEST_MESSAGE_ID = '5b0b1d8e0f6a4c13a7f2c9d14e3b8a60';

/** An event that is over. */
export const HEALED_MESSAGE_ID = '4d4ee0b27da544ae95cb20f5b68cf659';
