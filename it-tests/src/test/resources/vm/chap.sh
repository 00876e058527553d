# Logins by CHAP, after start_initiator.
#   CHAP_PORTAL  where a target of the same name is reached that wants alice, and finder for discovery, and proves itself
#                as lunette and as index; each has its name and "-has-a-secret" as its secret
readonly CHAP_PORTAL=${5:?}
readonly CHAP_NODE=(iscsiadm -m node -T "$TARGET" -p "$CHAP_PORTAL")
readonly CHAP_DISCOVERY=(iscsiadm -m discoverydb -t sendtargets -p "$CHAP_PORTAL")

secret() { echo "$1-has-a-secret"; }

update() { # RECORD KEY VALUE: one of the two arrays above
  local -n record=$1
  "${record[@]}" -o update -n "$2" -v "$3"
}

authenticate() { # RECORD PREFIX USER [TARGET_USER]
  update "$1" "$2.authmethod" CHAP
  update "$1" "$2.username" "$3"
  update "$1" "$2.password" "$(secret "$3")"
  [ $# -lt 4 ] || update "$1" "$2.username_in" "$4"
  [ $# -lt 4 ] || update "$1" "$2.password_in" "$(secret "$4")"
}

refused() { # COMMAND...
  step "refused: $*"
  if "$@"; then echo "it was not refused"; exit 1; fi
  if iscsiadm -m session; then echo "there is a session all the same"; exit 1; fi
}

chap_log_in_and_out() {
  "${CHAP_NODE[@]}" --login
  iscsiadm -m session | grep -q -F "$CHAP_PORTAL"
  "${CHAP_NODE[@]}" --logout
}

chap_discovery() {
  "${CHAP_DISCOVERY[@]}" -o new
  refused "${CHAP_DISCOVERY[@]}" --discover
  authenticate CHAP_DISCOVERY discovery.sendtargets.auth alice
  refused "${CHAP_DISCOVERY[@]}" --discover
  step discovery by CHAP, both ways
  authenticate CHAP_DISCOVERY discovery.sendtargets.auth finder index
  "${CHAP_DISCOVERY[@]}" --discover | tee /tmp/discovered
  grep -q -F "$TARGET" /tmp/discovered
  "${CHAP_DISCOVERY[@]}" -o delete
}

chap_session() {
  local algorithm waited=0
  "${CHAP_NODE[@]}" -o new
  refused "${CHAP_NODE[@]}" --login
  authenticate CHAP_NODE node.session.auth alice
  for algorithm in MD5 SHA1 SHA256 SHA3-256; do
    step "login by CHAP with $algorithm"
    update CHAP_NODE node.session.auth.chap_algs "$algorithm"
    chap_log_in_and_out
  done

  step login by CHAP, both ways
  authenticate CHAP_NODE node.session.auth alice lunette
  update CHAP_NODE node.session.auth.chap_algs SHA3-256,SHA256,SHA1,MD5
  "${CHAP_NODE[@]}" --login
  until [ -n "$(disks)" ]; do
    [ $((waited += 1)) -le $DISKS_APPEAR_WITHIN_S ] || { echo "there is no disk"; exit 1; }
    sleep 1
  done
  dd if="$(disks)" of=/dev/null bs=1M count=8 iflag=direct
  "${CHAP_NODE[@]}" --logout

  update CHAP_NODE node.session.auth.password_in not-the-secret-of-lunette
  refused "${CHAP_NODE[@]}" --login
  authenticate CHAP_NODE node.session.auth alice lunette
  update CHAP_NODE node.session.auth.password not-the-secret-of-alice
  refused "${CHAP_NODE[@]}" --login
  "${CHAP_NODE[@]}" -o delete
}

chap_discovery
chap_session
step CHAP is done
