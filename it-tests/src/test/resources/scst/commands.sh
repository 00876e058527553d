# Commands beyond reading and writing: those that SCST's own table knows, and those that it does not.
run() { # COMMAND...: is to end well
  step "$*"
  "$@" > /tmp/out 2>&1 || { cat /tmp/out; fail "it ended with $?"; }
}
says() { grep -Eq -- "$1" /tmp/out || { cat /tmp/out; fail "it does not say: $1"; }; }
block() { dd if="$DISK" bs=512 skip="$1" count="${2:-1}" iflag=direct status=none; }

serve thin=ram:64M
DISK=$(give_lun thin 0) || fail "no disk"
head -c 4096 /dev/urandom > /tmp/block
head -c 512 /dev/zero > /tmp/zeros

run sg_vpd --page=lbpv "$DISK"; says 'LBPU\): 1'
run sg_opcodes "$DISK"; says 'Orwrite'; says 'Write atomic'
dd if=/dev/urandom of="$DISK" bs=1M count=2 oflag=direct status=none || fail "write"
run sg_unmap --force --lba=0 --num=2048 "$DISK"
run sg_get_lba_status --lba=0 "$DISK"; says deallocated
cmp <(block 0 2048) <(head -c 1M /dev/zero) || fail "unmapped blocks are not zero"
run sg_write_same --16 --in=/tmp/block --xferlen=512 --lba=16 --num=100 "$DISK"
cmp <(block 115) <(head -c 512 /tmp/block) || fail "the last block of WRITE SAME"
cmp <(block 116) /tmp/zeros || fail "the block behind WRITE SAME"
run sg_compare_and_write --inc=/tmp/zeros --inw=/tmp/block --lba=0 --xferlen=1024 "$DISK"
cmp <(block 0) <(head -c 512 /tmp/block) || fail "COMPARE AND WRITE"
run sg_write_verify --16 --in=/tmp/block --lba=200 --num=8 "$DISK"
run sg_verify --16 --lba=200 --count=8 --ndo=4096 --in=/tmp/block "$DISK"

# SCST asks about these by PARSE.
run sg_write_x --or --in=/tmp/block --lba=8 --num=8 "$DISK"
cmp <(block 8 8) /tmp/block || fail "ORWRITE into zeros"
run sg_write_x --atomic=0 --in=/tmp/block --lba=304 --num=8 "$DISK"
cmp <(block 304 8) /tmp/block || fail "WRITE ATOMIC"
run sg_sanitize --overwrite --zero --quick --wait "$DISK"
cmp <(block 304 8) <(head -c 4096 /dev/zero) || fail "sanitized blocks are not zero"

run sg_modes --all "$DISK"; says 'Caching'; says 'Power condition'
run sg_logs --all "$DISK"; says 'General Statistics'
run sg_senddiag --test "$DISK"
run sg_format --format --wait --quick "$DISK"
run sg_turs "$DISK"
take_disk_away 0
stop
step "all done"
