# sg3_utils against units of several kinds; what the programs make of the answers is asserted.
readonly THIN_LUN=0 REMOVABLE_LUN=1 ENCRYPTED_LUN=2

pages() { # DISK
  run 0 sg_vpd --page=sv "$1"
  says 'Supported VPD pages' 'Unit serial number' 'Device identification' 'Mode page policy' 'SCSI ports' 'Third party copy' \
    'Block limits' 'Block device characteristics' 'Logical block provisioning'
  local page
  for page in sn di ei mpp sp tpc bl bdc lbpv; do run 0 sg_vpd --page=$page "$1"; done
  run 0 sg_vpd --page=lbpv "$1"
  says 'LBPU\): 1' 'LBPWS\): 1' 'LBPRZ\): 1' 'Provisioning type: 2'
  run 0 sg_readcap --long "$1"
  says 'lbpme=1, lbprz=1' 'Logical block length=512' 'Logical blocks per physical block exponent=3'
  run 0 sg_opcodes --rctd "$1"
  says 'Compare and write' 'Write atomic\(16\)' 'Orwrite' 'Unmap' 'Get LBA status' 'Sanitize, overwrite|Sanitize' 'Extended copy' 'Pre-fetch'
  run 0 sg_opcodes --opcode=0x89 "$1"
  says 'supported \[conforming'
}

modes() { # DISK
  run 0 sg_modes --all "$1"
  says 'Read-Write error recovery' 'Disconnect-Reconnect' 'Verify error recovery' 'Caching' 'Control' 'Power condition' 'Informational exceptions'
  run 0 sg_modes --control=1 --page=0xa "$1"
  run 0 sg_wr_mode --page=a --contents=0a,0a,04,0,0,0,0,0,0,0,0,0 --mask=0,0,4,0,0,0,0,0,0,0,0,0 "$1"
  run 0 sg_modes --page=0xa "$1"
  says '[08]a 0a 04'
  run 0 sg_wr_mode --page=a --contents=0a,0a,0,0,0,0,0,0,0,0,0,0 --mask=0,0,4,0,0,0,0,0,0,0,0,0 "$1"
}

logs() { # DISK
  run 0 sg_logs --list "$1"
  says 'Supported log pages' 'Write error' 'Read error' 'Verify error' 'Logical block provisioning' 'Start-stop' 'Self test|Self-test' \
    'General Statistics' 'Informational exceptions'
  run 0 sg_logs --all "$1"
  run 0 sg_senddiag --test "$1"
  run 0 sg_senddiag --list "$1"
}

provisioning() { # DISK
  dd if=/dev/urandom of=/tmp/block bs=512 count=8 status=none
  dd if=/dev/urandom of="$1" bs=1M count=2 oflag=direct status=none
  run 0 sg_get_lba_status --lba=0 "$1"
  says 'mapped'
  run 0 sg_unmap --force --lba=0 --num=2048 "$1"
  run 0 sg_get_lba_status --lba=0 "$1"
  says 'deallocated' '2048'
  cmp <(dd if="$1" bs=1M count=1 iflag=direct status=none) <(head -c 1M /dev/zero)
  run 0 sg_write_same --16 --in=/tmp/block --xferlen=512 --lba=16 --num=100 "$1"
  cmp <(dd if="$1" bs=512 skip=115 count=1 iflag=direct status=none) <(head -c 512 /tmp/block)
  cmp <(dd if="$1" bs=512 skip=116 count=1 iflag=direct status=none) <(head -c 512 /dev/zero)
  run 0 sg_write_same --10 --in=/tmp/block --xferlen=512 --lba=3000 --num=8 "$1"
  run 0 sg_write_same --unmap --num=4096 --lba=0 "$1"
  run 0 sg_get_lba_status --lba=0 "$1"
  says 'deallocated'
  run 0 sg_write_same --16 --ndob --lba=0 --num=8 "$1"
}

atomics() { # DISK
  head -c 512 /dev/zero > /tmp/zeros
  run 0 sg_compare_and_write --inc=/tmp/zeros --inw=/tmp/block --lba=0 --xferlen=1024 "$1"
  run 14 sg_compare_and_write --inc=/tmp/zeros --inw=/tmp/block --lba=0 --xferlen=1024 --quiet "$1"
  cmp <(dd if="$1" bs=512 count=1 iflag=direct status=none) <(head -c 512 /tmp/block)
  run 0 sg_write_x --or --in=/tmp/block --lba=8 --num=8 "$1"
  run 0 sg_write_x --atomic=0 --in=/tmp/block --lba=8 --num=8 "$1"
  cmp <(dd if="$1" bs=512 skip=8 count=8 iflag=direct status=none) /tmp/block
  run 0 sg_write_verify --16 --in=/tmp/block --lba=16 --num=8 "$1"
  run 0 sg_verify --lba=0 --count=1024 "$1"
  run 0 sg_verify --16 --lba=8 --count=8 --ndo=4096 --in=/tmp/block "$1"
  run 14 sg_verify --16 --lba=9 --count=8 --ndo=4096 --in=/tmp/block --quiet "$1"
  run 0 sg_seek --pre-fetch --lba=0 --num-blocks=64 "$1"
  run 0 sg_sync --lba=0 --count=64 "$1"
}

information() { # DISK
  run 0 sg_ident --set "$1" < <(printf shelf-4)
  run 0 sg_ident --ascii "$1"
  says 'shelf-4'
  run 0 sg_timestamp --milliseconds=1700000000000 "$1"
  run 0 sg_timestamp "$1"
  says '17000000[0-9]+'
  run 0 sg_rtpg --decode "$1"
  says 'active/optimized'
  run 0 sg_write_buffer --mode=echo --in=/tmp/block --length=512 "$1"
  run 0 sg_read_buffer --mode=echo --length=512 --raw "$1" > /dev/null
  run 0 sg_reassign --grown "$1"
  run 0 sg_reassign --address=100 "$1"
  run 0 sg_requests "$1"
  run 0 sg_persist --in --report-capabilities "$1"
}

generic() { basename "/sys/block/$(basename "$1")"/device/scsi_generic/*; } # DISK: the name of its sg device

copies() { # FROM TO: a copy that the target makes by itself, compared with the source
  run 0 sg_copy_results --params "$1"
  says 'Maximum target descriptor count|Maximum CSCD descriptor count'
  dd if=/dev/urandom of="$1" bs=1M count=2 oflag=direct status=none
  run 0 sg_xcopy if="/dev/$(generic "$1")" of="/dev/$(generic "$2")" bs=512 count=4096 skip=0 seek=1024
  cmp <(dd if="$1" bs=1M count=2 iflag=direct status=none) <(dd if="$2" bs=512 skip=1024 count=4096 iflag=direct status=none)
}

removal() { # SG_DEVICE: whoever opens the disk itself has the kernel prevent removal
  run 0 sg_turs "$1"
  run 0 sg_prevent --prevent=1 "$1"
  run 5 sg_start --eject "$1"
  run 0 sg_prevent --allow "$1"
  run 0 sg_start --eject "$1"
  run 2 sg_turs "$1"
  run 0 sg_start --load "$1"
  run 0 sg_turs "$1"
}

erasure() { # DISK
  dd if=/dev/urandom of="$1" bs=1M count=2 oflag=direct status=none
  local before
  before=$(dd if="$1" bs=1M count=2 iflag=direct status=none | sha256sum)
  run 0 sg_sanitize --crypto --quick --wait "$1"
  [ "$before" != "$(dd if="$1" bs=1M count=2 iflag=direct status=none | sha256sum)" ] || { echo "the data is still there"; exit 1; }
  run 0 sg_sanitize --overwrite --zero --quick --wait "$1"
  cmp <(dd if="$1" bs=1M count=2 iflag=direct status=none) <(head -c 2M /dev/zero)
  run 0 sg_sanitize --block --quick --early "$1"
  until sg_turs "$1" > /dev/null 2>&1; do sleep 0.2; done
  run 0 sg_format --format --wait --quick "$1"
  run 0 sg_turs "$1"
}

start_initiator
log_in
pages "${disk[THIN_LUN]}"
modes "${disk[THIN_LUN]}"
logs "${disk[THIN_LUN]}"
provisioning "${disk[THIN_LUN]}"
atomics "${disk[THIN_LUN]}"
information "${disk[THIN_LUN]}"
copies "${disk[THIN_LUN]}" "${disk[ENCRYPTED_LUN]}"
removal "/dev/$(generic "${disk[REMOVABLE_LUN]}")"
erasure "${disk[ENCRYPTED_LUN]}"
log_out
step all done
