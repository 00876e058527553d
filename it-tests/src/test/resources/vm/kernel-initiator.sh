# The kernel's own initiator: identity, reservations, file systems, load.
#   FILLED      how many of the units, from 0, get file systems and load; what the others say of themselves is enough
readonly FILLED=$4
readonly TREES=("/lib/modules/$(uname -r)/kernel/drivers/scsi" /usr/lib/x86_64-linux-gnu/perl-base)

identify() { # DISK
  step "identity of $1"
  sg_inq "$1" | grep -E 'identification|revision'
  sg_vpd --page=di "$1"
  local page
  for page in sv sn ei bl bdc lbpv; do sg_vpd --quiet --page=$page "$1"; done
  sg_readcap --long "$1" | grep -E 'Last LBA|Logical block length|Device size'
  echo "cache: $(cat "/sys/block/$(basename "$1")/queue/write_cache")"
}

reserve_and_release() { # DISK
  step "persistent reservation of $1"
  sg_persist --no-inquiry --out --register --param-sark=0xabc "$1"
  sg_persist --no-inquiry --out --reserve --param-rk=0xabc --prout-type=5 "$1"
  sg_persist --no-inquiry --in --read-reservation "$1" | tee /tmp/reservation
  grep -q 'Write Exclusive, registrants only' /tmp/reservation
  sg_persist --no-inquiry --out --release --param-rk=0xabc --prout-type=5 "$1"
  sg_persist --no-inquiry --out --register --param-rk=0xabc --param-sark=0 "$1"
}

checksums() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }

verify_by_fio() { # NAME FILE SIZE OPTION...
  local name=$1 file=$2 size=$3
  shift 3
  fio --name="$name" --filename="$file" --size="$size" --rw=randwrite --bsrange=4k-1m --ioengine=libaio --iodepth=32 \
    --direct=1 --verify=crc32c --verify_fatal=1 --do_verify=1 --randrepeat=1 --output-format=normal "$@" |
    grep -E 'err=|READ:|WRITE:'
}

fill() { # DISK: a file system with two real trees, whose checksums are left in /tmp
  step "fill $1"
  mkfs.ext4 -q -F "$1"
  mount "$1" /media
  local tree
  for tree in "${TREES[@]}"; do cp -a "$tree" /media/; done
  verify_by_fio on-ext4 /media/fio.dat 16m
  umount /media
}

compare() { # DISK: what fill put there
  step "compare $1"
  fsck.ext4 -f -n "$1"
  mount -o ro "$1" /media
  local tree
  for tree in "${TREES[@]}"; do
    diff <(checksums "$tree") <(checksums "/media/$(basename "$tree")") || { echo "$tree differs on $1"; exit 1; }
  done
  umount /media
}

lun_reset_while_busy() { # DISK
  step "logical unit reset under load on $1"
  verify_by_fio reset "$1" 48m &
  local fio=$! resets
  for resets in 1 2 3; do
    sleep 1
    sg_reset --no-esc --device "$1"
  done
  wait $fio
}

start_initiator
log_in
for d in "${disk[@]}"; do identify "$d"; done
sg_luns "${disk[0]}"
sg_opcodes "${disk[0]}"
reserve_and_release "${disk[0]}"
for d in "${disk[@]:0:FILLED}"; do fill "$d"; done
log_out

log_in
for d in "${disk[@]:0:FILLED}"; do compare "$d"; done
for d in "${disk[@]:0:FILLED}"; do
  step "fio on $d"
  verify_by_fio raw "$d" 64m
done
lun_reset_while_busy "${disk[0]}"
log_out
step all done
