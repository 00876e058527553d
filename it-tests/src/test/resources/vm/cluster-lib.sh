# Two nodes of a cluster on one machine: two initiator names, each with a session of its own, so a disk of its own for one
# and the same unit, and with a /run of its own. The unit takes them for two machines.
readonly NODE_NAME=iqn.2026-11.org.lunette.test
readonly CONFLICT=24 # sg3_utils' exit status
readonly LOAD_LASTS_S=300

nodes_begin() { # NODE...
  local node
  for node; do
    mkdir -p "/tmp/$node"
    iscsiadm -m iface -I "$node" -o new
    iscsiadm -m iface -I "$node" -o update -n iface.initiatorname -v "$NODE_NAME:$node"
  done
}

session() { # NODE PORTAL: the folder of its session
  local connection
  for connection in /sys/class/iscsi_connection/connection*; do
    local session=/sys/class/iscsi_session/session${connection##*/connection}
    session=${session%:*}
    [ "$(cat "$connection/persistent_address"):$(cat "$connection/persistent_port")" = "$2" ] || continue
    [ "$(cat "$session/initiatorname")" = "$NODE_NAME:$1" ] || continue
    echo "$session"
    return
  done
  echo "$1 has no session to $2" >&2
  return 1
}

attach() { # NODE PORTAL [LUN]: logs in, and prints the disk
  iscsiadm -m node -o new -T "$TARGET" -p "$2" -I "$1" > /dev/null
  iscsiadm -m node -o update -T "$TARGET" -p "$2" -I "$1" -n node.session.timeo.replacement_timeout -v 60
  iscsiadm -m node -T "$TARGET" -p "$2" -I "$1" --login > /dev/null
  local folder waited=0 found
  folder=$(session "$1" "$2")
  until found=$(compgen -G "$folder/device/target*/*:${3:-0}/block/sd*"); do
    [ $((waited += 1)) -le $((DISKS_APPEAR_WITHIN_S * 10)) ] || { echo "$1 got no disk" >&2; return 1; }
    sleep 0.1
  done
  echo "/dev/${found##*/}"
}

on() { # NODE COMMAND...: with the node's own /run
  local node=$1
  shift
  unshare --mount bash -c 'mount --bind "/tmp/$0" /run && exec "$@"' "$node" "$@"
}

writes() { # DISK...
  local each
  for each; do
    dd if=/dev/urandom of="$each" bs=4k count=1 oflag=direct status=none || { echo "$each refuses a write"; exit 1; }
  done
}

reads() { # DISK...
  local each
  for each; do
    dd if="$each" of=/dev/null bs=4k count=1 iflag=direct status=none || { echo "$each refuses a read"; exit 1; }
  done
}

conflicts() { # COMMAND...: what the kernel makes of RESERVATION CONFLICT is what the program dies of
  local said
  if said=$("$@" 2>&1); then
    echo "there is no conflict: $*"
    exit 1
  fi
  grep -q 'Invalid exchange' <<< "$said" || { echo "another failure than a conflict, of $*: $said"; exit 1; }
}

refuses_writes() { # DISK...
  local each
  for each; do conflicts dd if=/dev/urandom of="$each" bs=4k count=1 oflag=direct status=none; done
}

refuses_reads() { # DISK...
  local each
  for each; do conflicts dd if="$each" of=/dev/null bs=4k count=1 iflag=direct status=none; done
}

load() { # NAME DISK: fio, until it fails or is ended
  # slow, so that the emulated processors have time for the programs beside it
  exec fio --name="$1" --filename="$2" --offset=1m --size=8m --rw=randwrite --bs=4k --ioengine=libaio --iodepth=8 --direct=1 --rate_iops=50 \
    --verify=crc32c --verify_fatal=1 --time_based --runtime=$LOAD_LASTS_S --output-format=normal > "/tmp/fio-$1" 2>&1
}

writes_done() { awk '{ print $5 }' "/sys/block/$(basename "$(realpath "$1")")/stat"; } # DISK

load_begins() { # NAME DISK: and goes on in the background, as $!
  local before waited=0
  before=$(writes_done "$2")
  load "$@" &
  until [ "$(writes_done "$2")" -ge $((before + 20)) ]; do
    kill -0 $! 2> /dev/null || { cat "/tmp/fio-$1"; echo "the load of $1 has ended already"; exit 1; }
    [ $((waited += 1)) -le $((DISKS_APPEAR_WITHIN_S * 10)) ] || { cat "/tmp/fio-$1"; echo "the load of $1 does not begin"; exit 1; }
    sleep 0.1
  done
}

load_ends() { # NAME PROCESS: well, now
  kill -TERM "$2" 2> /dev/null || { cat "/tmp/fio-$1"; echo "the load of $1 had ended before"; exit 1; }
  wait "$2" || true # of the signal
  grep -q 'err= 0' "/tmp/fio-$1" || { cat "/tmp/fio-$1"; echo "the load of $1 failed"; exit 1; }
}

load_ended_by_conflict() { # NAME PROCESS
  ! wait "$2" || { cat "/tmp/fio-$1"; echo "the load of $1 was not stopped"; exit 1; }
  grep -q 'Invalid exchange' "/tmp/fio-$1" || { cat "/tmp/fio-$1"; echo "it was stopped by something else"; exit 1; }
}
