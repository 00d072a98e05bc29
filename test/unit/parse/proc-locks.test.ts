import { test } from 'tap';
import { lockedInodes } from '../../../src/core/parse/proc-locks.ts';

// As Linux 6.1 prints them (fs/locks.c, lock_get_status).
const TEXT = `1: POSIX  ADVISORY  WRITE 2222 fe:00:131075 0 EOF
1: -> POSIX  ADVISORY  WRITE 3333 fe:00:777 0 EOF
2: FLOCK  ADVISORY  WRITE 620 00:18:1234 0 EOF
3: LEASE  ACTIVE    READ  99 08:01:55 0 EOF
4: OFDLCK ADVISORY  READ  -1 00:06:4 0 0
5: POSIX  ADVISORY  WRITE 1 <none>:0 0 EOF
nonsense
`;

test('who holds a lock, and not who waits for one', async (t) => {
  t.same(
    [...lockedInodes(TEXT)].sort((a, b) => a - b),
    [4, 55, 1234, 131_075],
  );
  t.same([...lockedInodes('')], []);
});
