
# A unit whose device hangs, beside one that does not: both served in this machine, on whose loopback they are used.
readonly QUICK_START=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC)
readonly COMMAND_TIMEOUT_S=5 SECTORS=65536
readonly READ_BLOCK_0=(28 00 00 00 00 00 00 00 01 00)

seconds() { cut -d . -f 1 /proc/uptime; }

start_target() {
  step start the target
  modprobe -a dm-mod loop
  truncate -s $((SECTORS * 512)) /tmp/backing
  dmsetup --noudevsync create stuck --table "0 $SECTORS linear $(losetup --find --show /tmp/backing) 0"
  dmsetup mknodes # there is no udev
  java "${QUICK_START[@]}" -jar lunette.jar serve --listen "$PORTAL" \
    "stuck=block:/dev/mapper/stuck,direct,command-timeout=$COMMAND_TIMEOUT_S" good=ram:64M > /tmp/serve.log 2>&1 &
  server=$!
  local waited=0
  until grep -q "$TARGET" /tmp/serve.log; do
    [ $((waited += 1)) -le 120 ] && kill -0 $server || { cat /tmp/serve.log; exit 1; }
    sleep 1
  done
}

sense_within() { # SECONDS DISK TEXT: a READ ends with this sense data, in this time
  local since
  since=$(seconds)
  sg_raw --timeout=120 --request=512 "$2" "${READ_BLOCK_0[@]}" > /tmp/sense 2>&1 || true
  cat /tmp/sense
  grep -q -i -F "$3" /tmp/sense || { echo "$2 does not say: $3"; exit 1; }
  [ $(($(seconds) - since)) -le "$1" ] || { echo "$2 took more than $1 s"; exit 1; }
}

use_the_other() { # while the file is there
  local count=0
  while [ -e /tmp/going ]; do
    dd if=/dev/urandom of=/tmp/pattern bs=64k count=4 status=none
    dd if=/tmp/pattern of="${disk[1]}" bs=64k oflag=direct status=none
    dd if="${disk[1]}" bs=64k count=4 iflag=direct status=none | cmp - /tmp/pattern
    count=$((count + 1))
  done
  echo "the other: $count rounds"
  [ $count -gt 0 ]
}

start_target
start_initiator
log_in
dd if=/dev/urandom of=/tmp/before bs=4k count=1 status=none
dd if=/tmp/before of="${disk[0]}" bs=4k oflag=direct status=none
touch /tmp/going
use_the_other &
other=$!

step suspend
dmsetup --noudevsync suspend --nolockfs stuck
sense_within $((COMMAND_TIMEOUT_S + 5)) "${disk[0]}" 'Command timeout during processing'
sleep $COMMAND_TIMEOUT_S
step stuck
grep 'the store is' /tmp/serve.log
sense_within 3 "${disk[0]}" 'Not ready'
sg_turs "${disk[0]}" && { echo "TEST UNIT READY passes"; exit 1; }
sg_inq "${disk[0]}" > /dev/null

step resume
dmsetup --noudevsync resume stuck
waited=0
until sg_turs "${disk[0]}" > /dev/null 2>&1; do
  [ $((waited += 1)) -le 30 ] || { echo "it does not heal"; exit 1; }
  sleep 1
done
grep 'answers again' /tmp/serve.log
dd if="${disk[0]}" bs=4k count=1 iflag=direct status=none | cmp - /tmp/before
rm /tmp/going
wait $other
log_out

step end
kill -TERM $server
wait $server || true
cat /tmp/serve.log
echo ": all done"
