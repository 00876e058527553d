# Two initiators of one device, each by a target of its own: reservations, which SCST's core keeps, and a resize.
readonly LOCAL=$SYSFS/targets/scst_local
run() { # COMMAND...: is to end well
  step "$*"
  "$@" > /tmp/out 2>&1 || { cat /tmp/out; fail "it ended with $?"; }
}
says() { grep -Eq -- "$1" /tmp/out || { cat /tmp/out; fail "it does not say: $1"; }; }
refused() { # COMMAND...: is to end with RESERVATION CONFLICT, which sg3_utils tell by 24
  step "$* (refused)"
  local status=0
  "$@" > /tmp/out 2>&1 || status=$?
  [ "$status" = 24 ] || { cat /tmp/out; fail "it ended with $status"; }
}
# A conflict of the kernel's own commands is EBADE for whoever writes.
write_to() { dd if=/dev/urandom of="$1" bs=4096 count=1 oflag=direct conv=notrunc status=none; }
write_refused() {
  step "a write to $1 (refused)"
  if write_to "$1" 2> /tmp/out; then fail "a write passed the reservation"; fi
  says 'Invalid exchange|Input/output error'
}
told() { # DISK: its next command is to end with a unit attention, which sg3_utils tell by 6
  step "$1 is told"
  local status=0
  sg_turs "$1" > /tmp/out 2>&1 || status=$?
  [ "$status" = 6 ] || { cat /tmp/out; fail "it ended with $status"; }
}
prout() { sg_persist --no-inquiry --out "$@"; }
sectors() { cat "/sys/block/$(basename "$1")/size"; }
has_sectors() { [ "$(sectors "$1")" = "$2" ]; }
rescan() { echo 1 > "/sys/block/$(basename "$1")/device/rescan"; }

disks() { ls -d /sys/class/scsi_device/*:0/device/block/sd* 2> /dev/null; }
both_there() { [ "$(disks | wc -l)" = 2 ]; }

serve shared=file:/tmp/shared.img,size=64M
echo "add_target second session_name=second_host" > "$LOCAL/mgmt" || fail "no second target"
echo "add shared 0" > "$LUNS/mgmt" || fail "no LUN"
echo "add shared 0" > "$LOCAL/second/luns/mgmt" || fail "no LUN of the second target"
wait_for 60 both_there || fail "not two disks"
mapfile -t FOUND < <(disks)
readonly A=/dev/$(basename "${FOUND[0]}") B=/dev/$(basename "${FOUND[1]}")
wait_for 20 test -b "$A"; wait_for 20 test -b "$B"
[ "$(sg_vpd --page=sn "$A" | tail -n 1)" = "$(sg_vpd --page=sn "$B" | tail -n 1)" ] || fail "not one disk by two paths"

run prout --register --param-sark=0xa "$A"
run prout --register --param-sark=0xb "$B"
run sg_persist --no-inquiry --in --read-keys "$A"; says 0xa; says 0xb
run prout --reserve --param-rk=0xa --prout-type=5 "$A"
run sg_persist --no-inquiry --in --read-reservation "$B"; says 'Write Exclusive, registrants only'
refused prout --reserve --param-rk=0xb --prout-type=5 "$B"
write_to "$B" || fail "a registered node may write"
run prout --register --param-rk=0xb --param-sark=0 "$B"
write_refused "$B"
write_to "$A" || fail "the holder may write"
run prout --register --param-sark=0xb "$B"
run prout --preempt --param-rk=0xb --param-sark=0xa --prout-type=5 "$B"
write_refused "$A"
run sg_persist --no-inquiry --in --read-full-status "$B"; says 0xb
told "$A"
run prout --register --param-sark=0xa "$A"
run prout --preempt-abort --param-rk=0xa --param-sark=0xb --prout-type=1 "$A"
write_refused "$B"
run sg_persist --no-inquiry --in --report-capabilities "$A"
run prout --release --param-rk=0xa --prout-type=1 "$A"
run prout --clear --param-rk=0xa "$A"
write_to "$B" || fail "nothing is reserved"

# scst_local takes SCST's asynchronous event in place of a unit attention, so the kernel's log says nothing of it.
step "a resize that both sides see"
has_sectors "$A" 131072 || fail "size at first"
run java "${QUICK_START[@]}" -jar lunette.jar resize shared 96M
for disk in "$A" "$B"; do
  wait_for 20 eval "rescan $disk; has_sectors $disk 196608" || fail "$disk has $(sectors "$disk") sectors"
  run sg_readcap --long "$disk"; says 'blocks=196608'
  dd if=/dev/urandom of="$disk" bs=1M seek=95 count=1 oflag=direct status=none || fail "a write behind the old end"
done

echo "del_target second" > "$LOCAL/mgmt"
for delete in /sys/class/scsi_device/*:0/device/delete; do echo 1 > "$delete"; done
echo "del 0" > "$LUNS/mgmt"
stop
step "all done"
