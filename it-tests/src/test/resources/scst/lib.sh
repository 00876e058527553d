# Read by every scenario before its own text. Runs as root in the emulated machine; lunette.jar lies in the working folder.
set -u
readonly SYSFS=/sys/kernel/scst_tgt
readonly LUNS=$SYSFS/targets/scst_local/scst_local_tgt/luns
readonly SERVE_LOG=/tmp/serve.log
# Emulation compiles slowly; and a JVM at full optimization once died at the entry of a method that it had just replaced,
# most likely since qemu's threads executed the patch half written. One level of compilation replaces hardly any code.
readonly QUICK_START=(-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1)
for module in sd_mod sg ext4 crc32c_generic; do modprobe "$module"; done

step() { echo "==== $*"; }

fail() {
  echo "FAILED: $*"
  step "what serve printed"; cat "$SERVE_LOG"
  step "the kernel's last words"; dmesg --color=never | tail -n 40
  exit 1
}

wait_for() { # SECONDS CONDITION...
  local left=$(($1 * 10)); shift
  until "$@" > /dev/null 2>&1; do
    left=$((left - 1)); [ "$left" -gt 0 ] || return 1
    sleep 0.1
  done
}

announced() { grep -q '^Ready' "$SERVE_LOG"; }

serve() { # DEVICE...: starts lunette, waits until it is ready; its process id is in SERVER
  : > "$SERVE_LOG"
  java "${QUICK_START[@]}" -jar lunette.jar serve --scst "$@" >> "$SERVE_LOG" 2>&1 &
  SERVER=$!
  wait_for 300 announced || fail "serve did not become ready"
}

gone() { [ ! -e "$SYSFS/devices/$1" ]; }
disk_of() { ls -d /sys/class/scsi_device/*:"$1"/device/block/sd*; }

give_lun() { # DEVICE LUN: prints the disk that the kernel makes of it
  echo "add $1 $2" > "$LUNS/mgmt" || return 1
  wait_for 60 disk_of "$2" || return 1
  local disk; disk=/dev/$(basename "$(disk_of "$2")")
  wait_for 20 test -b "$disk" && echo "$disk"
}

take_disk_away() { # LUN: the kernel would keep a dead disk after the LUN has gone
  local delete; for delete in /sys/class/scsi_device/*:"$1"/device/delete; do [ -e "$delete" ] && echo 1 > "$delete"; done
}

nothing_stuck() { ! ps -eo state= | grep -q D; }

await_end() { # PID SECONDS: waits for a process's end; its status is in STATUS
  wait_for "$2" eval "! kill -0 $1" || fail "process $1 still runs after $2 s: $(ps -o pid,state,wchan,args -p "$1")"
  STATUS=0; wait "$1" || STATUS=$?
}

stop() { # ends lunette in order
  kill -TERM "$SERVER"
  await_end "$SERVER" 60
  [ "$STATUS" = 0 ] || [ "$STATUS" = 143 ] || fail "serve ended with $STATUS"
  [ -z "$(ls "$SYSFS/devices")" ] || fail "devices left: $(ls "$SYSFS/devices")"
}
