# The kernel begins calls anew that were waiting when the process was stopped or traced.
serve "again=ram:128M"
DISK=$(give_lun again 0) || fail "no disk"

pause() { kill -STOP "$SERVER"; sleep 0.1; kill -CONT "$SERVER"; }

trace() { # SECONDS
  timeout "$1" strace -f -qq -e trace=none -p "$SERVER" -o /tmp/strace.log
  [ -d "/proc/$SERVER" ] || fail "lunette has ended"
}

read_once() { # BYTES
  dd if="$DISK" of=/tmp/read bs="$1" count=1 iflag=direct status=none || fail "a read of $1 bytes"
  cmp -n "$1" /tmp/read /tmp/written || fail "$1 bytes read are not those written"
}

step "stopped while the answer that brought a buffer waits for the next command"
dd if=/dev/urandom of=/tmp/written bs=512k count=1 status=none
for round in 1 2; do
  for bytes in 4096 8192 16384 32768 65536 131072 262144 524288; do
    dd if=/tmp/written of="$DISK" bs="$bytes" count=1 oflag=direct status=none || fail "a write of $bytes bytes"
    pause
    read_once "$bytes"
    pause
    read_once "$bytes"
    [ -d "/proc/$SERVER" ] || fail "lunette has ended"
  done
done

step "stopped, continued and traced under load"
fio --name=again --filename="$DISK" --direct=1 --ioengine=libaio --iodepth=16 --bsrange=4k-512k --rw=randrw --size=100M \
  --time_based --runtime=30 --verify=crc32c --verify_fatal=1 > /tmp/again.log 2>&1 &
LOAD=$!
pauses=0
while kill -0 "$LOAD" 2> /dev/null; do
  for i in 1 2 3 4 5 6 7 8; do pause; sleep 0.1; done
  trace 1
  pauses=$((pauses + 8))
done
await_end "$LOAD" 10
[ "$STATUS" = 0 ] || { cat /tmp/again.log; fail "fio ended with $STATUS"; }
grep -E "READ:|WRITE:" /tmp/again.log
echo "$pauses pauses under load"
grep "SCST refuses" "$SERVE_LOG" && fail "replies were refused"
take_disk_away 0
stop
step "all done"
