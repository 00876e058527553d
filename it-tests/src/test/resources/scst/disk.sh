# A RAM disk and a file as disks of this machine's own SCSI stack: what they say of themselves, reservations, file systems, data.
readonly TREE=/usr/share/perl

step "serve"
serve "memory=ram:200M" "onfile=file:/tmp/onfile,size=200M"
cat "$SERVE_LOG"
MEMORY=$(give_lun memory 0) || fail "no disk for LUN 0"
ONFILE=$(give_lun onfile 1) || fail "no disk for LUN 1"
lsscsi 2> /dev/null || ls /sys/class/scsi_device

step "what the disk says"
sg_inq "$MEMORY" || fail "INQUIRY"
sg_readcap --long "$MEMORY" || fail "READ CAPACITY"
for page in sv sn di ei bl bdc lbpv; do sg_vpd --page=$page "$MEMORY" || fail "VPD page $page"; done
sg_opcodes "$MEMORY" || fail "REPORT SUPPORTED OPERATION CODES"
sg_modes --all "$MEMORY" || fail "MODE SENSE"
sg_requests "$MEMORY" || fail "REQUEST SENSE"
sg_luns "$MEMORY" || fail "REPORT LUNS"
[ "$(sg_vpd --page=sn "$MEMORY" | tail -n 1)" != "$(sg_vpd --page=sn "$ONFILE" | tail -n 1)" ] || fail "two disks, one serial number"

step "operation codes that SCST does not know reach the unit"
sg_raw "$MEMORY" c1 00 00 00 00 00 2>&1 | grep -q "Invalid command operation code" || fail "opcode C1h"
sg_raw --request=64 "$MEMORY" c2 00 00 00 00 00 2>&1 | grep -q "Invalid command operation code" || fail "opcode C2h with data-in"
sg_raw --send=512 --infile=/dev/zero "$MEMORY" c3 00 00 00 00 00 2>&1 | grep -q "Invalid command operation code" ||
  fail "opcode C3h with data-out"

step "reservations, which SCST keeps"
sg_persist --out --register --param-sark=abc "$MEMORY" || fail "REGISTER"
sg_persist --out --reserve --prout-type=5 --param-rk=abc "$MEMORY" || fail "RESERVE"
sg_persist --in --read-reservation "$MEMORY" | tee /tmp/reservation || fail "READ RESERVATION"
grep -q "Key=0xabc" /tmp/reservation || fail "the reservation is not there"
sg_persist --out --release --prout-type=5 --param-rk=abc "$MEMORY" || fail "RELEASE"
sg_persist --out --register --param-rk=abc --param-sark=0 "$MEMORY" || fail "unregister"
sg_persist --in --report-capabilities "$MEMORY" || fail "REPORT CAPABILITIES"

for disk in "$MEMORY" "$ONFILE"; do
  step "a file system on $disk"
  mkfs.ext4 -q "$disk" || fail "mkfs"
  mkdir -p /tmp/mounted && mount "$disk" /tmp/mounted || fail "mount"
  cp -a "$TREE" /tmp/mounted/ || fail "copy"
  umount /tmp/mounted
  echo 3 > /proc/sys/vm/drop_caches
  fsck.ext4 -fn "$disk" || fail "fsck"
  mount "$disk" /tmp/mounted && diff -r "$TREE" "/tmp/mounted/$(basename "$TREE")" || fail "the tree came back different"
  umount /tmp/mounted
  step "fio verifies $disk, 4 KiB to 1 MiB at depth 32"
  fio --name=verify --filename="$disk" --direct=1 --ioengine=libaio --iodepth=32 --bsrange=4k-1m --rw=randwrite --size=150M \
    --verify=crc32c --verify_fatal=1 --do_verify=1 || fail "fio"
done

step "SIGTERM"
take_disk_away 0; take_disk_away 1
stop
cat "$SERVE_LOG"
nothing_stuck || fail "a process is stuck: $(ps -eo state,pid,args | grep '^D')"
step "all done"
