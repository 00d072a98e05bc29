# shellcheck shell=sh
# Run under user-mode Linux by record-containers.ts: makes IMSM and DDF containers with volumes, takes a disk away from them, and
# keeps what `mdadm --examine` says of each member, in its three forms.
set -eu
modprobe -a md-mod raid0 raid1 raid10 raid456
export IMSM_NO_PLATFORM=1 IMSM_DEVNAME_AS_SERIAL=1
out=/run/job/out
{ mdadm --version 2>&1; uname -r; } >$out/versions.txt

make() { mdadm --create --run --homehost=lab "$@" </dev/null; }
save() { # CASE MEMBER...
  case=$1
  shift
  for d in "$@"; do
    mdadm --examine "/dev/ubd$d" >"$out/$case.$d.txt"
    mdadm --examine --export "/dev/ubd$d" >"$out/$case.$d.export"
    mdadm --examine --brief --verbose "/dev/ubd$d" >"$out/$case.$d.brief"
  done
  mdadm --detail --export "/dev/md/v0" >"$out/$case.volume"
}
stop() {
  udevadm settle
  for v in v0 v1; do [ ! -e /dev/md/$v ] || mdadm --wait-clean /dev/md/$v || :; done
  for v in v1 v0 c; do [ ! -e /dev/md/$v ] || mdadm --stop /dev/md/$v || { sleep 1; mdadm --stop /dev/md/$v; }; done
  for d in b c d; do
    dd if=/dev/zero of=/dev/ubd$d bs=1M seek=$(($(blockdev --getsize64 /dev/ubd$d) / 1048576 - 40)) count=40 oflag=direct status=none
    dd if=/dev/zero of=/dev/ubd$d bs=1M count=1 oflag=direct status=none
  done
  udevadm settle
}
fail() { # the volume's member, then wait until the metadata has it
  mdadm --fail /dev/md/v0 "/dev/ubd$1" || echo faulty >"/sys/block/$(basename "$(readlink -f /dev/md/v0)")/md/dev-ubd$1/state"
  dd if=/dev/zero of=/dev/md/v0 bs=4k count=1 oflag=direct status=none
  sleep 3
}

for kind in imsm ddf; do
  make /dev/md/c -e $kind -n 2 /dev/ubdb /dev/ubdc
  make /dev/md/v0 --level=1 -n 2 -z 20M /dev/md/c
  make /dev/md/v1 --level=0 -n 2 -z 20M /dev/md/c
  mdadm --wait /dev/md/v0 || :
  sleep 2
  save $kind-two-volumes b c
  stop

  make /dev/md/c -e $kind -n 3 /dev/ubdb /dev/ubdc /dev/ubdd
  make /dev/md/v0 --level=5 -n 3 -z 20M /dev/md/c
  mdadm --wait /dev/md/v0 || :
  sleep 2
  save $kind-raid5 b c d
  fail d
  save $kind-raid5-failed b c d
  stop
done
