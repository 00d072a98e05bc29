import { test } from 'tap';
import { formatMembersRule } from '../../../src/core/image/members-rule.ts';
import { mdUuidFromBytes } from '../../../src/core/md/md-uuid.ts';
import { sampleWatchlist } from '../../fuzz/sample-watchlist.ts';

const mdUuid = (digits: string) => mdUuidFromBytes(Buffer.from(digits, 'hex'));

test('members of the list pass, as blkid or mdadm name them, while that is asked for; others get what dracut heeds', async (t) => {
  const [lower, upper] = sampleWatchlist(2).arrays;
  if (lower === undefined || upper === undefined) throw new Error('two arrays were asked for');
  const arrays = [
    { ...lower, container: null, uuid: mdUuid('00112233445566778899aabbccddeeff') },
    { ...upper, container: null, uuid: mdUuid('fedcba98765432100123456789abcdef') },
  ];
  t.equal(
    formatMembersRule({ arrays }),
    `# Not the list's: dracut's rule leaves it alone.
SUBSYSTEM!="block", GOTO="reliable_raid_members_end"
TEST!="/run/reliable-raid/listed-only", GOTO="reliable_raid_members_end"
ENV{ID_FS_TYPE}!="?*_raid_member", GOTO="reliable_raid_members_end"
ENV{ID_FS_UUID}=="00112233-4455-6677-8899-aabbccddeeff|fedcba98-7654-3210-0123-456789abcdef", GOTO="reliable_raid_members_end"
IMPORT{program}="/sbin/mdadm --examine --export $devnode"
ENV{MD_UUID}=="00112233:44556677:8899aabb:ccddeeff|fedcba98:76543210:01234567:89abcdef", GOTO="reliable_raid_members_end"
ENV{rd_NO_MD}="1"
LABEL="reliable_raid_members_end"
`,
  );
});
