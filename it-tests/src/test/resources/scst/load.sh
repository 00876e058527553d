# Resets, aborts, SIGTERM and kill -9 while the disk is busy.
readonly DEVICE="busy=ram:128M"

busy() { # NAME SECONDS OPTION...: fio at work in the background; its process id is in LOAD
  local name=$1 seconds=$2; shift 2
  fio --name="$name" --filename="$DISK" --direct=1 --ioengine=libaio --iodepth=32 --bsrange=4k-1m --rw=randrw --size=100M \
    --time_based --runtime="$seconds" "$@" > "/tmp/$name.log" 2>&1 &
  LOAD=$!
  sleep 2
}

start() {
  serve "$DEVICE"
  DISK=$(give_lun busy 0) || fail "no disk"
}

aftermath() { # after the device went away under load
  await_end "$LOAD" 120
  take_disk_away 0
  gone busy || wait_for 30 gone busy || fail "the device is still registered"
  wait_for 30 nothing_stuck || fail "a process is stuck: $(ps -eo state,pid,wchan,args | grep '^D')"
  echo "del 0" > "$LUNS/mgmt" 2> /dev/null
  return 0
}

step "LUN resets under load: the data stays right, and fio sees no error"
start
busy resets 25 --verify=crc32c --verify_fatal=1
for i in 1 2 3 4 5; do
  sg_reset --device "$DISK" || fail "LUN reset $i"
  sleep 1
done
await_end "$LOAD" 300
[ "$STATUS" = 0 ] || { cat /tmp/resets.log; fail "fio ended with $STATUS"; }
grep -c "LOGICAL UNIT RESET" "$SERVE_LOG" | sed 's/$/ resets seen/'

step "aborts under load: the device sleeps until the initiator loses patience"
echo 2 > "/sys/block/$(basename "$DISK")/device/timeout"
busy aborts 25 --verify=crc32c --verify_fatal=1
kill -STOP "$SERVER"; sleep 5; kill -CONT "$SERVER"
await_end "$LOAD" 300
[ "$STATUS" = 0 ] || { cat /tmp/aborts.log; fail "fio ended with $STATUS"; }
grep -c "ABORT TASK" "$SERVE_LOG" | sed 's/$/ aborts seen/'
grep -q "ABORT TASK" "$SERVE_LOG" || fail "no abort came"
echo 30 > "/sys/block/$(basename "$DISK")/device/timeout"

step "SIGTERM under load"
busy term 60
kill -TERM "$SERVER"
await_end "$SERVER" 60
cat "$SERVE_LOG"
aftermath

step "the name is free again; kill -9 under load"
start
busy kill 60
kill -KILL "$SERVER"
await_end "$SERVER" 60
aftermath

step "and again"
start
dd if=/dev/zero of="$DISK" bs=1M count=8 oflag=direct status=none || fail "write"
dd if="$DISK" of=/dev/null bs=1M count=8 iflag=direct status=none || fail "read"
take_disk_away 0
stop
step "all done"
