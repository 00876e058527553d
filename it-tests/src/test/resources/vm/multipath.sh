# dm-multipath over two portals in two portal groups: priorities follow the access states, and fio, which verifies what it
# writes, sees no error while states change and a path is cut.
#   PORTAL2    the portal of group 2, which is active/non-optimized at first
# The folder that is shared with the host takes orders: what is to be done there, until the host removes the file.
readonly PORTAL2=$4
readonly OPTIMIZED=50 NON_OPTIMIZED=10 STANDBY=1 # multipathd's priorities
readonly HAPPENS_WITHIN_S=40 SETTLING_S=1
readonly ORDER=/mnt/order

until_so() { # WHAT COMMAND...: the command succeeds before long
  local what=$1 since=$SECONDS
  shift
  until "$@"; do
    [ $((SECONDS - since)) -le $HAPPENS_WITHIN_S ] || { echo "not in time: $what"; show; exit 1; }
    kill -0 "$fio" 2> /dev/null || { cat /tmp/fio; echo "fio has ended before: $what"; exit 1; }
    sleep 0.2
  done
  echo "after $((SECONDS - since)) s: $what"
}

show() {
  multipath -ll || true
  multipathd show paths format '%d %t %T %p' || true
  cat /tmp/fio 2> /dev/null || true
}

start_multipath() {
  modprobe -a dm_multipath dm_round_robin scsi_dh_alua sch_prio cls_u32 act_gact
  /lib/systemd/systemd-udevd --daemon
  udevadm trigger --subsystem-match=block
  cat > /etc/multipath.conf << 'END'
defaults {
  polling_interval     1
  max_polling_interval 1
  find_multipaths      no
}
devices {
  device {
    vendor               "LUNETTE"
    product              "DISK"
    path_grouping_policy group_by_prio
    failback             immediate
    no_path_retry        60
  }
}
END
  multipathd
}

attach() { # PORTAL GROUP: logs in; the disk is in DISK
  iscsiadm -m node -o new -T "$TARGET" -p "$1,$2"
  local setting
  for setting in session.timeo.replacement_timeout=2 'conn[0].timeo.noop_out_interval=1' 'conn[0].timeo.noop_out_timeout=2'; do
    iscsiadm -m node -T "$TARGET" -p "$1" -o update -n "node.${setting%=*}" -v "${setting#*=}"
  done
  local before waited=0
  before=$(disks)
  iscsiadm -m node -T "$TARGET" -p "$1" --login
  until DISK=$(comm -13 <(echo "$before" | sort) <(disks | sort) | grep .); do
    [ $((waited += 1)) -le $((DISKS_APPEAR_WITHIN_S * 5)) ] || { echo "no disk at $1"; exit 1; }
    sleep 0.2
  done
}

paths_are() { # STATE PRIORITY STATE PRIORITY: of both paths, as device-mapper and the prioritizer have it
  local paths
  paths=$(multipathd show paths format '%d %t %p' | sed -n 's/ *$//; /^sd/p')
  grep -Eq "^$(basename "$DISK1") +$1 +$2\$" <<< "$paths" && grep -Eq "^$(basename "$DISK2") +$3 +$4\$" <<< "$paths"
}

map_is_there() { MAP=/dev/mapper/$(multipathd show maps format %n | grep -v name) && [ -b "$MAP" ]; }

load() { # slow, so that the emulated processors have time for the programs beside it
  exec fio --name=load --filename="$MAP" --size=8m --rw=randwrite --bsrange=4k-64k --ioengine=libaio --iodepth=8 --direct=1 --rate_iops=50 \
    --verify=crc32c --verify_fatal=1 --verify_backlog=64 --time_based --runtime=600 --output-format=normal > /tmp/fio 2>&1
}

unplug() { # PORTAL: nothing reaches it any more
  tc qdisc add dev eth0 root handle 1: prio
  tc filter add dev eth0 parent 1: protocol ip u32 match ip dport "${1##*:}" 0xffff action drop
}

plug_in() { tc qdisc del dev eth0 root; }

host_does() { # ORDER...: the administrator, at the target
  echo "$*" > "$ORDER.new"
  mv "$ORDER.new" "$ORDER"
  until_so "the host has done: $*" test ! -e "$ORDER"
}

ordered() { # GROUP STATE PATHS...: again and again: a kernel that just goes over to a path asks for it to be optimized
  host_does "$1" "$2" > /dev/null
  sleep $SETTLING_S
  paths_are "${@:3}"
}

fio=$$ # until there is one
start_initiator
iscsiadm -m node -o delete
start_multipath
attach "$PORTAL" 1 && DISK1=$DISK
attach "$PORTAL2" 2 && DISK2=$DISK
step "two paths: $DISK1 and $DISK2"
until_so 'a map' map_is_there
until_so 'priorities at first' paths_are active $OPTIMIZED active $NON_OPTIMIZED
multipath -ll
sg_rtpg --extended --decode "$DISK2"
sg_vpd --page=sp "$DISK1"
load &
fio=$!
trap 'kill -KILL $fio 2> /dev/null || true' EXIT # the machine does not switch off under load
sleep $SETTLING_S

step an initiator makes group 2 the optimized one
sg_stpg --tp=1,2 --state=1,0 "$DISK1"
until_so 'priorities the other way round' paths_are active $NON_OPTIMIZED active $OPTIMIZED
sleep $SETTLING_S

step group 1 in standby
sg_stpg --tp=1 --state=2 "$DISK2"
until_so 'a path in standby' paths_are active $STANDBY active $OPTIMIZED
sleep $SETTLING_S

step the administrator changes them back, implicitly
host_does 1 optimized
until_so 'as at first' ordered 2 non-optimized active $OPTIMIZED active $NON_OPTIMIZED
until_so 'the other path in standby' ordered 2 standby active $OPTIMIZED active $STANDBY
until_so 'as at first' ordered 2 non-optimized active $OPTIMIZED active $NON_OPTIMIZED

step the optimized path is cut
unplug "$PORTAL"
until_so 'a failed path' paths_are failed '[0-9]+' active '[0-9]+'
sleep $SETTLING_S
plug_in
until_so 'the path is back' paths_are active $OPTIMIZED active '[0-9]+'
until_so 'as at first' ordered 2 non-optimized active $OPTIMIZED active $NON_OPTIMIZED
sleep $SETTLING_S

step the administrator takes a group away for a while
host_does 2 unavailable
sleep $SETTLING_S
until_so 'all is well' ordered 2 non-optimized active $OPTIMIZED active $NON_OPTIMIZED

kill -INT $fio
wait $fio || true # of the signal
trap - EXIT
grep -E 'err=|READ:|WRITE:' /tmp/fio
grep -q 'err= 0' /tmp/fio || { cat /tmp/fio; echo 'fio had errors'; exit 1; }
multipathd shutdown || true # it may end before it has answered
while pidof multipathd > /tmp/pid; do sleep 0.2; done
multipath -F
iscsiadm -m node -T "$TARGET" --logout
step all done
