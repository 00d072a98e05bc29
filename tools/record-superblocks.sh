# shellcheck shell=sh
# shellcheck disable=SC2046  # $(disks b c) is a list
# Run under user-mode Linux by record-superblocks.ts: makes arrays with mdadm, brings them into every state that matters, and
# keeps each member's superblock, what `mdadm --examine` says of it, and which sets of members `mdadm --incremental` would start.
set -eu
modprobe -a md-mod raid0 raid1 raid10 raid456
out=/run/job/out
speed() { echo "$1" >/proc/sys/dev/raid/speed_limit_max; echo "$2" >/proc/sys/dev/raid/speed_limit_min; }
# Nothing may assemble with the arrays of the guest's own configuration, nor write to an array that is only tried.
printf 'HOMEHOST lab\n' >/run/mdadm.conf
conf=--config=/run/mdadm.conf
echo 1 >/sys/module/md_mod/parameters/start_ro
{ mdadm --version 2>&1; uname -r; } >$out/versions.txt

disk() { echo "/dev/ubd$1"; }
disks() { for d in "$@"; do disk "$d"; done; }
create() {
  mdadm --create /dev/md0 $conf --run --homehost=lab --name=root "$@" </dev/null
  echo active >/sys/block/md0/md/array_state || :
  mdadm --wait /dev/md0 || :
}
touch_array() { dd if=/dev/urandom of=/dev/md0 bs=4k count=4 oflag=direct status=none; }
stop() { mdadm --stop /dev/md0; }
alone() { # runs the given members without the others, and writes
  mdadm --assemble /dev/md0 $conf --run $(disks "$@")
  touch_array
  stop
}

version() { sed -n 's/^ *Version : \([0-9.]*\).*/\1/p' "$1"; }
place() { # sector of the superblock that --examine found
  sectors=$(blockdev --getsz "$2")
  case $(version "$1") in
    0.9*) echo $((sectors / 128 * 128 - 128)) ;;
    1.0) echo $(((sectors - 16) / 8 * 8)) ;;
    1.1) echo 0 ;;
    1.2) echo 8 ;;
  esac
}
save() { # CASE MEMBER...
  case=$1
  shift
  for d in "$@"; do
    mdadm --examine "$(disk "$d")" >"$out/$case.$d.txt"
    dd if="$(disk "$d")" of="$out/$case.$d.bin" skip="$(place "$out/$case.$d.txt" "$(disk "$d")")" count=8 iflag=direct status=none
    echo "$case $d $(version "$out/$case.$d.txt") $(blockdev --getsize64 "$(disk "$d")")" >>$out/members.txt
  done
}
put_back() { # the saved superblocks once more: what a crash would have left
  case=$1
  shift
  for d in "$@"; do
    dd if="$out/$case.$d.bin" of="$(disk "$d")" seek="$(place "$out/$case.$d.txt" "$(disk "$d")")" oflag=direct conv=notrunc status=none
  done
}
try_sets() { # CASE MEMBER...: every set of members, one after the other as udev would
  case=$1
  shift
  count=$#
  set=1
  while [ $set -lt $((1 << count)) ]; do
    chosen='' started=none bit=0
    for d in "$@"; do
      if [ $((set >> bit & 1)) = 1 ]; then
        chosen="$chosen${chosen:+,}$d"
        answer=$(mdadm --incremental $conf --export "$(disk "$d")" 2>/dev/null | sed -n 's/^MD_STARTED=//p') || :
        started=${answer:-$started}
      fi
      bit=$((bit + 1))
    done
    echo "$case $chosen $started" >>$out/incremental.txt
    for md in /sys/block/md*; do mdadm --stop "/dev/${md##*/}" 2>/dev/null || :; done
    set=$((set + 1))
  done
}
record() { # CASE MEMBER...: of a stopped array
  save "$@"
  try_sets "$@"
  shift
  wipe "$@"
}
wipe() {
  for d in b c d e f g; do
    dd if=/dev/zero of="$(disk $d)" bs=64k count=8 oflag=direct conv=notrunc status=none
    dd if=/dev/zero of="$(disk $d)" bs=64k seek=$(($(blockdev --getsize64 "$(disk $d)") / 65536 - 4)) count=4 oflag=direct conv=notrunc status=none
  done
}

speed 200000 200000
for m in 0.90 1.0 1.1 1.2; do
  create --metadata=$m --level=1 --raid-devices=2 --bitmap=none $(disks b c)
  stop
  record "raid1-$m" b c

  create --metadata=$m --level=1 --raid-devices=2 --bitmap=internal $(disks b c)
  stop
  alone b
  record "raid1-left-behind-$m" b c

  create --metadata=$m --level=1 --raid-devices=2 --bitmap=none $(disks b c)
  stop
  alone b
  alone c
  record "raid1-split-brain-$m" b c

  create --metadata=$m --level=5 --raid-devices=3 --bitmap=none --spare-devices=1 $(disks b c d e)
  stop
  record "raid5-spare-$m" b c d e

  create --metadata=$m --level=5 --raid-devices=3 --bitmap=none $(disks b c d)
  echo 60 >/sys/block/md0/md/safe_mode_delay
  touch_array
  save "raid5-dirty-$m" b c d
  stop
  put_back "raid5-dirty-$m" b c d
  try_sets "raid5-dirty-$m" b c d
  wipe

  create --metadata=$m --level=6 --raid-devices=4 --bitmap=none $(disks b c d e)
  mdadm /dev/md0 --fail "$(disk e)" --remove "$(disk e)"
  touch_array
  stop
  record "raid6-degraded-$m" b c d e

  create --metadata=$m --level=1 --raid-devices=2 --bitmap=none $(disks b c)
  mdadm /dev/md0 --fail "$(disk c)" --remove "$(disk c)" --add "$(disk d)"
  mdadm --wait /dev/md0 || :
  stop
  record "raid1-rebuilt-$m" b c d

  create --metadata=$m --level=1 --raid-devices=2 --bitmap=none $(disks b c)
  mdadm /dev/md0 --fail "$(disk c)" --remove "$(disk c)"
  speed 10 10
  mdadm /dev/md0 --add "$(disk d)"
  sleep 1
  save "raid1-rebuilding-$m" b c d
  stop
  put_back "raid1-rebuilding-$m" b c d
  try_sets "raid1-rebuilding-$m" b c d
  speed 200000 200000
  wipe
done

for l in 0 4 6; do
  bitmap=--bitmap=none
  [ $l = 0 ] && bitmap=
  create --metadata=1.2 --level=$l --raid-devices=4 $bitmap $(disks b c d e)
  stop
  record raid$l-1.2 b c d e
done

create --metadata=1.2 --level=4 --raid-devices=3 --bitmap=none $(disks b c d)
echo 60 >/sys/block/md0/md/safe_mode_delay
touch_array
save raid4-dirty-1.2 b c d
stop
put_back raid4-dirty-1.2 b c d
try_sets raid4-dirty-1.2 b c d
wipe

for layout in n2 f2 o2; do
  create --metadata=1.2 --level=10 --layout=$layout --raid-devices=4 --bitmap=none $(disks b c d e)
  stop
  record raid10-$layout-1.2 b c d e
done
create --metadata=1.2 --level=10 --layout=n2 --raid-devices=3 --bitmap=none $(disks b c d)
stop
record raid10-n2-of-3-1.2 b c d
create --metadata=1.2 --level=10 --layout=n2 --raid-devices=4 --bitmap=none $(disks b c d e)
stop
alone b d
alone c e
record raid10-split-brain-1.2 b c d e

create --metadata=1.2 --level=5 --raid-devices=3 --write-journal="$(disk e)" $(disks b c d)
touch_array
stop
record raid5-journal-1.2 b c d e

create --metadata=1.2 --level=5 --raid-devices=3 --consistency-policy=ppl $(disks b c d)
echo 60 >/sys/block/md0/md/safe_mode_delay
touch_array
save raid5-ppl-dirty-1.2 b c d
stop
put_back raid5-ppl-dirty-1.2 b c d
try_sets raid5-ppl-dirty-1.2 b c d
wipe

create --metadata=1.2 --level=1 --raid-devices=2 --bitmap=none $(disks b c)
mdadm /dev/md0 --add "$(disk d)"
mdadm /dev/md0 --replace "$(disk c)" --with "$(disk d)"
mdadm --wait /dev/md0 || :
stop
record raid1-replaced-1.2 b c d

create --metadata=1.2 --level=1 --raid-devices=2 --bitmap=none $(disks b c)
speed 10 10
mdadm /dev/md0 --add "$(disk d)"
mdadm /dev/md0 --replace "$(disk c)" --with "$(disk d)"
sleep 1
save raid1-replacing-1.2 b c d
stop
put_back raid1-replacing-1.2 b c d
try_sets raid1-replacing-1.2 b c d
speed 200000 200000
wipe

create --metadata=1.2 --level=1 --raid-devices=3 --bitmap=none $(disks b c d)
stop
alone b c
alone b
record raid1-of-3-1.2 b c d

create --metadata=1.2 --level=5 --raid-devices=3 --bitmap=none $(disks b c d)
speed 10 10
mdadm /dev/md0 --add "$(disk e)"
mdadm --grow /dev/md0 --raid-devices=4
sleep 1
save raid5-reshape-1.2 b c d e
