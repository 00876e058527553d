# A disk that grows under a mounted file system, as the kernel's own initiator sees it.
#   MIB         the size in MiB that the host gives the first disk once the second has been written to
readonly MIB=$4

size_mib() { echo $(($(blockdev --getsize64 "$1") >> 20)); }

start_initiator
log_in
readonly data=${disk[0]} signal=${disk[1]}

step "a file system on $data, of $(size_mib "$data") MiB"
mkfs.ext4 -q -F "$data"
mount "$data" /media
dd if=/dev/urandom of=/media/before bs=1M count=16 status=none
sha256sum /media/before > /tmp/before

step "ask for $MIB MiB"
dd if=/dev/urandom of="$signal" bs=4k count=1 oflag=direct status=none
waited=0
until [ "$(size_mib "$data")" -eq "$MIB" ]; do
  [ $((waited += 1)) -le 60 ] || { echo "it still has $(size_mib "$data") MiB"; exit 1; }
  sleep 1
  echo 1 > "/sys/block/$(basename "$data")/device/rescan"
done
dmesg | grep -E 'Capacity data has changed|detected capacity change'
dmesg | grep -q 'Capacity data has changed' || { echo "the kernel was not told"; exit 1; }

step "grow the mounted file system"
resize2fs "$data"
dd if=/dev/urandom of=/media/after bs=1M count=$((MIB / 2)) status=none
sync
sha256sum -c /tmp/before
umount /media
fsck.ext4 -f -n "$data"
log_out
step "all done"
