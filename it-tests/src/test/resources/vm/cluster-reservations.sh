# sg_persist's every service action by two nodes; what they decide is seen by what can be written.
readonly KEY_A=0xa1a1 KEY_B=0xb2b2
readonly WRITE_EXCLUSIVE=1 EXCLUSIVE_ACCESS=3 WRITE_EXCLUSIVE_RO=5 EXCLUSIVE_ACCESS_RO=6 WRITE_EXCLUSIVE_AR=7 EXCLUSIVE_ACCESS_AR=8

persist() { # STATUS ARGUMENT...
  local wanted=$1
  shift
  run "$wanted" sg_persist --no-inquiry "$@"
}

attention() { # DISK WHAT: it is told once
  persist 6 --in --read-keys "$1"
  says "Additional sense: $2"
}

keys_are() { # DISK KEY...: in any order
  local through=$1
  shift
  persist 0 --in --read-keys "$through"
  diff <(grep -oE '^ +0x[0-9a-f]+' <<< "$OUTPUT" | tr -d ' ' | sort) <(printf '%s\n' "$@" | sort)
}

clear() { # DISK KEY OTHER_DISK: the other one was registered
  persist 0 --out --clear --param-rk="$2" "$1"
  attention "$3" 'Reservations preempted'
}

no_keys() { # DISK
  persist 0 --in --read-keys "$1"
  says 'there are NO registered reservation keys'
}

holder_is() { # DISK KEY TYPE
  persist 0 --in --read-reservation "$1"
  says "Key=$2\$" "type: $3\$"
}

no_holder() { # DISK
  persist 0 --in --read-reservation "$1"
  says 'there is NO reservation held'
}

register() { persist 0 --out --register --param-sark="$2" "${@:3}" "$1"; } # DISK KEY OPTION...
unregister() { persist 0 --out --register --param-rk="$2" --param-sark=0 "$1"; } # DISK KEY
reserve() { persist 0 --out --reserve --param-rk="$2" --prout-type="$3" "$1"; } # DISK KEY TYPE

port_of() { # DISK: the TransportID of its initiator port, as the unit has it
  register "$1" 0xf1
  persist 0 --in --read-full-status "$1"
  PORT=$(grep -oE "$NODE_NAME:[a-z]+(,i,0x[0-9a-f]+)?" <<< "$OUTPUT")
  unregister "$1" 0xf1
}

registrations() { # A B
  no_keys "$1"
  register "$1" $KEY_A
  register "$2" $KEY_B
  keys_are "$1" $KEY_A $KEY_B
  persist $CONFLICT --out --register --param-rk=0xbad --param-sark=1 "$1"
  persist $CONFLICT --out --register --param-sark=1 "$1"
  persist 0 --out --register-ignore --param-sark=0xa3 "$1"
  keys_are "$2" 0xa3 $KEY_B
  persist 0 --out --register --param-rk=0xa3 --param-sark=$KEY_A "$1"
  unregister "$2" $KEY_B
  keys_are "$1" $KEY_A
}

registrant_may_write() { case $1 in "$WRITE_EXCLUSIVE" | "$EXCLUSIVE_ACCESS") return 1 ;; esac; } # TYPE
anyone_may_read() { case $1 in "$WRITE_EXCLUSIVE" | "$WRITE_EXCLUSIVE_RO" | "$WRITE_EXCLUSIVE_AR") ;; *) return 1 ;; esac; } # TYPE

type_of_reservation() { # A B TYPE NAME: A is registered and B is not
  local a=$1 b=$2 type=$3
  reserve "$a" $KEY_A "$type"
  case $type in
    "$WRITE_EXCLUSIVE_AR" | "$EXCLUSIVE_ACCESS_AR") holder_is "$b" 0x0 "$4" ;;
    *) holder_is "$b" $KEY_A "$4" ;;
  esac
  writes "$a"
  refuses_writes "$b"
  if anyone_may_read "$type"; then reads "$b"; else refuses_reads "$b"; fi
  register "$b" $KEY_B
  if registrant_may_write "$type"; then writes "$b"; else refuses_writes "$b"; fi
  persist $CONFLICT --out --reserve --param-rk=$KEY_B --prout-type=$((type == 1 ? 5 : 1)) "$b"
  persist 5 --out --release --param-rk=$KEY_A --prout-type=$((type == 1 ? 5 : 1)) "$a"
  persist 0 --out --release --param-rk=$KEY_A --prout-type="$type" "$a"
  no_holder "$a"
  writes "$a" "$b"
  unregister "$b" $KEY_B
}

release_by_others() { # A B
  reserve "$1" $KEY_A $WRITE_EXCLUSIVE_RO
  register "$2" $KEY_B
  persist 0 --out --release --param-rk=$KEY_B --prout-type=$WRITE_EXCLUSIVE_RO "$2"
  holder_is "$1" $KEY_A 'Write Exclusive, registrants only'
  persist $CONFLICT --out --clear --param-rk=0xbad "$2"
  clear "$2" $KEY_B "$1"
  no_keys "$1"
  no_holder "$2"
  writes "$1" "$2"
}

preemption() { # A B: while the preempting node writes
  register "$1" $KEY_A
  register "$2" $KEY_B
  reserve "$1" $KEY_A $WRITE_EXCLUSIVE_RO
  load_begins b "$2"
  local load=$!
  persist 0 --out --preempt --param-rk=$KEY_B --param-sark=$KEY_A --prout-type=$WRITE_EXCLUSIVE_RO "$2"
  holder_is "$2" $KEY_B 'Write Exclusive, registrants only'
  attention "$1" 'Registrations preempted'
  keys_are "$1" $KEY_B
  refuses_writes "$1"
  persist $CONFLICT --out --reserve --param-rk=$KEY_A --prout-type=$WRITE_EXCLUSIVE_RO "$1"
  load_ends b $load
}

preemption_of_a_writer() { # A B: B holds
  register "$1" $KEY_A
  load_begins a "$1"
  local victim=$!
  persist 0 --out --preempt-abort --param-rk=$KEY_B --param-sark=$KEY_A --prout-type=$WRITE_EXCLUSIVE_RO "$2"
  load_ended_by_conflict a $victim
  sg_turs "$1" || true # the attention, where none of the load's commands was told
  keys_are "$2" $KEY_B
  writes "$2"
  persist 0 --out --clear --param-rk=$KEY_B "$2"
}

capabilities() { # DISK
  persist 0 --in --report-capabilities "$1"
  says 'TMV\): 1' 'Write Exclusive: 1' 'Exclusive Access: 1' 'Write Exclusive, registrants only: 1' \
    'Exclusive Access, registrants only: 1' 'Write Exclusive, all registrants: 1' 'Exclusive Access, all registrants: 1'
}

capable() { grep -q "($1): 1" <<< "$CAPABILITIES"; } # ABBREVIATION

full_status() { # A B
  register "$1" $KEY_A
  register "$2" $KEY_B
  reserve "$2" $KEY_B $EXCLUSIVE_ACCESS
  persist 0 --in --read-full-status "$1"
  says "Key=$KEY_A" "Key=$KEY_B" "$PORT_A" "$PORT_B" 'type: Exclusive Access'
  clear "$1" $KEY_A "$2"
}

move() { # A B: A gives its reservation to B
  register "$1" $KEY_A
  reserve "$1" $KEY_A $WRITE_EXCLUSIVE
  persist 0 --out --register-move --param-rk=$KEY_A --param-sark=$KEY_B --param-unreg --relative-target-port=1 \
    --transport-id="$PORT_B" "$1"
  keys_are "$2" $KEY_B
  holder_is "$2" $KEY_B 'Write Exclusive'
  writes "$2"
  refuses_writes "$1"
  persist 0 --out --clear --param-rk=$KEY_B "$2"
}

registration_of_others() { # A B: A registers both
  register "$1" $KEY_A --transport-id="$PORT_B"
  keys_are "$1" $KEY_A $KEY_A
  reserve "$1" $KEY_A $WRITE_EXCLUSIVE_RO
  writes "$1" "$2"
  clear "$1" $KEY_A "$2"
}

registration_at_all_ports() { # A
  register "$1" $KEY_A --param-alltgpt
  persist 0 --in --read-full-status "$1"
  says "Key=$KEY_A" 'All target ports bit set'
  persist 0 --out --clear --param-rk=$KEY_A "$1"
}

where_capable() { # ABBREVIATION COMMAND...
  if capable "$1"; then "${@:2}"; else step "left out, since the unit does not report $1: $2"; fi
}

offers_move() { sg_opcodes --opcode=0x5f,7 "$1" | grep -q 'supported \[conforming'; } # DISK

reservations() { # A B
  local a=$1 b=$2
  registrations "$a" "$b"
  type_of_reservation "$a" "$b" $WRITE_EXCLUSIVE 'Write Exclusive'
  type_of_reservation "$a" "$b" $EXCLUSIVE_ACCESS 'Exclusive Access'
  type_of_reservation "$a" "$b" $WRITE_EXCLUSIVE_RO 'Write Exclusive, registrants only'
  type_of_reservation "$a" "$b" $EXCLUSIVE_ACCESS_RO 'Exclusive Access, registrants only'
  type_of_reservation "$a" "$b" $WRITE_EXCLUSIVE_AR 'Write Exclusive, all registrants'
  type_of_reservation "$a" "$b" $EXCLUSIVE_ACCESS_AR 'Exclusive Access, all registrants'
  release_by_others "$a" "$b"
  preemption "$a" "$b"
  preemption_of_a_writer "$a" "$b"
  full_status "$a" "$b"
  if offers_move "$a"; then move "$a" "$b"; else step "left out, since the unit does not report it: move"; fi
  where_capable SIP_C registration_of_others "$a" "$b"
  where_capable ATP_C registration_at_all_ports "$a"
}

# The target is killed and started again by the host meanwhile. Registrations last where that was asked for; the kernel's
# sessions come back as the same nexuses.
restart() { # A B
  local a=$1 b=$2 load persistently=() waited=0
  ! capable PTPL_C || persistently=(--param-aptpl)
  register "$a" $KEY_A "${persistently[@]}"
  register "$b" $KEY_B "${persistently[@]}"
  reserve "$a" $KEY_A $WRITE_EXCLUSIVE
  load_begins a "$a"
  load=$!
  step 'kill the target'
  touch kill
  until [ -e restarted ]; do sleep 0.2; done
  step 'the target is there again'
  until sg_turs "$b" 2> /dev/null && sg_turs "$a" 2> /dev/null; do
    [ $((waited += 1)) -le $DISKS_APPEAR_WITHIN_S ] || { echo "the sessions do not recover"; exit 1; }
    sleep 0.5
  done
  if capable PTPL_C; then
    keys_are "$b" $KEY_A $KEY_B
    holder_is "$b" $KEY_A 'Write Exclusive'
    refuses_writes "$b"
    reads "$b"
    writes "$a"
    load_ends a $load
    clear "$a" $KEY_A "$b"
  else
    step 'left out, since the unit does not report PTPL_C: registrations that last'
    no_keys "$b"
    writes "$a" "$b"
    load_ends a $load
  fi
}
