# Common to the scripts in which the machine's own initiator uses a target on the host.
#   PORTAL      where the target is reached from here
#   TARGET      its iSCSI name
#   LUNS        how many logical units it has
set -euo pipefail
readonly PORTAL=$1 TARGET=$2 LUNS=$3
readonly DISKS_APPEAR_WITHIN_S=60

step() { echo "==== $(cut -d ' ' -f 1 /proc/uptime) s: $*"; }

OUTPUT=''
run() { # STATUS COMMAND...: runs a program that is to end with that status; what it says is in OUTPUT
  local wanted=$1 status=0
  shift
  step "$*"
  OUTPUT=$("$@" 2>&1) || status=$?
  echo "$OUTPUT"
  [ "$status" = "$wanted" ] || { echo "it ended with $status, not $wanted"; exit 1; }
}

says() { # REGEX...: each is found in OUTPUT
  local wanted
  for wanted; do
    grep -Eq -- "$wanted" <<< "$OUTPUT" || { echo "it does not say: $wanted"; exit 1; }
  done
}

disks() { # prints the session's disks in the order of their LUNs
  find /sys/class/iscsi_session/session*/device/target*/ -path '*/block/sd*' -prune 2> /dev/null | sort -V |
    sed 's|.*/block/|/dev/|'
}

log_in() {
  step log in
  iscsiadm -m node -T "$TARGET" -p "$PORTAL" --login
  local waited=0
  until mapfile -t disk < <(disks) && [ ${#disk[@]} -eq "$LUNS" ]; do
    [ $((waited += 1)) -le $DISKS_APPEAR_WITHIN_S ] || { echo "there are ${#disk[@]} disks, not $LUNS"; exit 1; }
    sleep 1
  done
  echo "disks: ${disk[*]}"
}

log_out() {
  step log out
  iscsiadm -m node -T "$TARGET" -p "$PORTAL" --logout
  [ -z "$(disks)" ] || { echo "disks are left after the logout: $(disks)"; exit 1; }
}

start_initiator() { # finds the target
  modprobe -a iscsi_tcp sd_mod sg ext4
  rm -f /etc/iscsi/initiatorname.iscsi # not readable, where the emulator does not run as root
  echo InitiatorName=iqn.2026-11.org.lunette.test:guest > /etc/iscsi/initiatorname.iscsi
  iscsid
  step discovery
  iscsiadm -m discovery -t sendtargets -p "$PORTAL" | tee /tmp/discovered
  grep -q -F "$TARGET" /tmp/discovered
  # The target names the address at which it was reached, which is on the other side of the emulated network.
  iscsiadm -m node -o delete
  iscsiadm -m node -o new -T "$TARGET" -p "$PORTAL"
}

