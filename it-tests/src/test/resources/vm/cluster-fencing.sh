# fence_scsi as Pacemaker runs it: each node unfences itself, and one fences the other.

# The agents ask corosync for the cluster's name and its nodes, and make the nodes' keys of them.
name_the_nodes() { # NODE...
  local at=0 node
  {
    echo '#!/bin/sh'
    echo 'echo "totem.cluster_name (str) = bench"'
    for node; do echo "echo 'nodelist.node.$((at++)).name (str) = $node'"; done
  } > /tmp/corosync-cmapctl
  chmod 755 /tmp/corosync-cmapctl
}

fence_scsi_by() { # STATUS NODE DISK ACTION PLUG
  run "$1" on "$2" fence_scsi --devices="$3" -o "$4" -n "$5" --corosync-cmap-path=/tmp/corosync-cmapctl
}

fencing() { # A B
  local a=$1 b=$2 load
  name_the_nodes a b
  fence_scsi_by 0 a "$a" on a
  fence_scsi_by 0 b "$b" on b
  fence_scsi_by 0 a "$a" status a
  fence_scsi_by 0 b "$b" status b
  says 'Status: ON'
  holder_is "$b" "0x$(cat /tmp/a/cluster.key)" 'Write Exclusive, registrants only'
  writes "$a" "$b"

  load_begins b "$b"
  local victim=$!
  load_begins a "$a"
  load=$!
  fence_scsi_by 0 a "$a" off b
  load_ended_by_conflict b $victim
  refuses_writes "$b"
  fence_scsi_by 2 a "$a" status b
  says 'Status: OFF'
  load_ends a $load

  fence_scsi_by 0 b "$b" on b
  writes "$a" "$b"
  fence_scsi_by 0 b "$b" off a # the holder
  refuses_writes "$a"
  writes "$b"
  persist 0 --out --clear --param-rk="0x$(cat /tmp/b/cluster.key)" "$b"
}

readonly MAP=/dev/mapper/mpatha
readonly MAP_KEY=0xa7 OTHER_KEY=0xb7

# A map of a node's two paths. The other node's disks are the same unit on the same machine, and are not for it.
multipath_over() { # OTHER_DISK PATH...
  local other=$1
  shift
  modprobe -a dm_multipath dm_service_time
  /lib/systemd/systemd-udevd --daemon # multipathd takes no disk that udev has not looked at
  udevadm trigger --action=add --subsystem-match=block
  udevadm settle
  cat > /etc/multipath.conf << END
defaults {
  user_friendly_names yes
  find_multipaths no
  reservation_key $MAP_KEY
}
blacklist {
  devnode "^(${other##*/})$"
}
END
  multipathd
  local waited=0
  until [ "$(compgen -G "/sys/block/$(basename "$(realpath $MAP 2> /dev/null)")/slaves/*" | wc -l)" = 2 ]; do
    [ $((waited += 1)) -le 50 ] || { multipathd show topology; ls -l /dev/mapper; echo "there is no map of two paths"; exit 1; }
    sleep 0.2
  done
  run 0 multipath -ll
}

fence_mpath_by() { # STATUS ACTION KEY
  run "$1" on a fence_mpath --devices=$MAP -o "$2" -n "${3#0x}"
}

fencing_over_paths() { # A1 A2 B
  local a1=$1 a2=$2 b=$3 victim load
  multipath_over "$b" "$a1" "$a2"
  fence_mpath_by 0 on $MAP_KEY
  register "$b" $OTHER_KEY
  keys_are "$b" $MAP_KEY $MAP_KEY $OTHER_KEY
  holder_is "$b" $MAP_KEY 'Write Exclusive, registrants only'
  fence_mpath_by 0 status $MAP_KEY
  writes $MAP "$b"

  load_begins b "$b"
  victim=$!
  load_begins map $MAP
  load=$!
  fence_mpath_by 0 off $OTHER_KEY
  load_ended_by_conflict b $victim
  refuses_writes "$b"
  load_ends map $load

  sg_turs "$b" || true # the attention, where none of the load's commands was told
  register "$b" $OTHER_KEY
  persist 0 --out --preempt-abort --param-rk=$OTHER_KEY --param-sark=$MAP_KEY --prout-type=5 "$b"
  refuses_writes $MAP "$a1" "$a2"
  writes "$b"
  fence_mpath_by 0 on $MAP_KEY
  writes $MAP "$b"
  udevadm settle # it looks at a disk that was written, and would take the attention
  run 0 mpathpersist --out --clear --param-rk=$MAP_KEY $MAP
  attention "$b" 'Reservations preempted'
  no_keys "$b"
}
