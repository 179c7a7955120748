#!/bin/sh
# The first process of the guest. Its root is the host's file system, read only, so every tool of the host is there.
# It loads the modules, brings the link up, then runs each line it reads as a command and tells the exit status.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run LANG=C
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs run /run
for word in $(cat /proc/cmdline); do
  case $word in careof.peer=*) peer=${word#careof.peer=} ;; esac
done

# modprobe wants the modules in /lib/modules, which cannot be written here: give it a root of its own.
release=$(uname -r)
mkdir -p "/run/root/lib/modules/$release" /run/root/proc /run/root/sys
mount --bind /proc /run/root/proc
mount --bind /sys /run/root/sys
mount --bind "$peer/usr/lib/uml/modules/$release" "/run/root/lib/modules/$release"
cp "$peer/bin/busybox" /run/root/busybox
# The kernel starts it without our environment.
printf '#!/bin/sh\nexport GLIBC_TUNABLES=%s\nexec chroot /run/root /busybox modprobe "$@"\n' "$GLIBC_TUNABLES" >/run/modprobe
chmod +x /run/modprobe
echo /run/modprobe >/proc/sys/kernel/modprobe
/run/modprobe -a ipv6 xfrm_user xfrm_algo esp6 ah6 esp4 ah4 mip6 ip6_tunnel xfrm6_tunnel af_key cbc authenc echainiv seqiv gcm ghash-generic ctr hmac des_generic xcbc cryptomgr drbg jitterentropy_rng

busybox() { chroot /run/root /busybox "$@"; }

for what in all default vec0; do
  echo 0 >/proc/sys/net/ipv6/conf/$what/accept_dad
  echo 0 >/proc/sys/net/ipv6/conf/$what/router_solicitations
done
ip link set lo up
ip link set vec0 up
stty -F /dev/console -echo -onlcr -icanon min 1
echo '@@ready 0'
while read -r line; do
  eval "$line" </dev/null 2>&1
  echo "@@status $?"
done
echo o >/proc/sysrq-trigger
