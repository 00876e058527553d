# What serve says where SCST does not take the device. Each time it ends by itself, and tells what to do.
refused() { # WORDS COMMAND...
  local words=$1 status=0; shift
  timeout 300 "$@" > "$SERVE_LOG" 2>&1 || status=$?
  step "refused for: $words"; cat "$SERVE_LOG"
  [ "$status" != 0 ] && [ "$status" != 124 ] || fail "status $status"
  grep -qF -- "$words" "$SERVE_LOG" || fail "it does not say '$words'"
  ! grep -q "^	at " "$SERVE_LOG" || fail "a stack trace"
  [ -z "$(ls "$SYSFS/devices")" ] || [ "${words#one of that name}" != "$words" ] || fail "a device is left"
}
install -m 644 lunette.jar /tmp/lunette.jar # the working folder is root's alone
run=(java "${QUICK_START[@]}" -jar /tmp/lunette.jar serve --scst disk=ram:16M)

refused "no permission to open /dev/scst_user" setpriv --reuid=65534 --regid=65534 --clear-groups "${run[@]}"

rmdir /var/lib/scst/pr
refused "mkdir -p /var/lib/scst/pr" "${run[@]}"
mkdir -p /var/lib/scst/pr

step "a wrong version by hand: the kernel's log has the right one"
java "${QUICK_START[@]}" -jar lunette.jar serve --scst --scst-version 1.0 disk=ram:16M > "$SERVE_LOG" 2>&1 &
SERVER=$!
wait_for 300 announced || fail "serve did not become ready"
cat "$SERVE_LOG"
grep -q "the setting" "$SERVE_LOG" || fail "it does not tell that the setting is wrong"

cp "$SERVE_LOG" /tmp/first.log
refused "one of that name is registered" "${run[@]}"
cp /tmp/first.log "$SERVE_LOG"
stop

step "the kernel's log may not be read, and the version is nowhere"
mount --bind /dev/null /dev/kmsg
refused "dmesg | grep Expected" "${run[@]}"
umount /dev/kmsg

step "the version from headers, without the kernel's log"
mkdir -p /usr/local/include/scst
expected=$(dmesg | sed -n 's/.*Expected: //p' | tail -n 1)
echo "#define SCST_VERSION_NAME \"${expected%"${expected: -80}"}\"" > /usr/local/include/scst/scst_const.h
printf '#define DEV_USER_INTF_VER "%s"\n#define SCST_CONST_INTF_VER "%s"\n' "${expected: -80:40}" "${expected: -40}" \
  > /usr/local/include/scst/scst_itf_ver.h
dmesg --clear
serve disk=ram:16M
! dmesg | grep -q "Incorrect version" || fail "the headers were not asked"
stop
rm -r /usr/local/include/scst

step "the version from the installed module, without the kernel's log"
mkdir -p "/lib/modules/$(uname -r)/extra"
cp /run/machine/scst/scst_user.ko /run/machine/scst/scst.ko "/lib/modules/$(uname -r)/extra/"
dmesg --clear
serve disk=ram:16M
! dmesg | grep -q "Incorrect version" || fail "the module was not read"
stop
xz "/lib/modules/$(uname -r)/extra/"*.ko || fail "xz"
serve disk=ram:16M
! dmesg | grep -q "Incorrect version" || fail "the compressed module was not read"
stop

rmmod iscsi_scst 2> /dev/null; rmmod scst_user || fail "rmmod"
refused "modprobe scst_user" "${run[@]}"
step "all done"
