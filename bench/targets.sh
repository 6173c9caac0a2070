#!/usr/bin/env bash
# Measures what docs/benchmarks.md says of targets. A Debian on a disk (2 GB, 2 CPUs; bench/debian-disk.sh) is armed and panics; how long after
# the panic log, report and dump are safe is taken from its serial console, for this program and for Debian's kdump-tools, which are
# set up in the same guest in turns: its own disk, NFS, ssh, and for this program HTTPS. The servers run on this machine, and are
# reached through QEMU's network. Then: what sealing costs; and a dump streamed by two CPUs beside "makedumpfile -F | ssh dd", which a hook
# runs in the same capture kernel; and the smallest reservation for each target, which a drill searches. Takes about a minute a guest, an hour in all.
#   bench/targets.sh [--rounds N] [--keep-consoles DIR] [WHAT...]     WHAT: targets sealing stream minimum (default: all)
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../eng/setup.sh
. "$root/eng/setup.sh"
# shellcheck source=../eng/kernels.sh
. "$root/eng/kernels.sh"
# shellcheck source=guest.sh
. "$root/bench/guest.sh"
# shellcheck source=debian-disk.sh
. "$root/bench/debian-disk.sh"
rounds=3 keep="" what=""
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift ;;
        --keep-consoles) keep=$2; mkdir -p "$keep"; shift ;;
        targets | sealing | stream | minimum) what="$what $1" ;;
        *) sed -n 's/^#   /usage: /p' "$0" >&2; exit 2 ;;
    esac
    shift
done
what=${what:-targets sealing stream minimum}
[ "$(id -u)" -eq 0 ] || { say "this takes root: for a Debian in a folder, and for servers of NFS and ssh"; exit 1; }
# shellcheck disable=SC2086
require_packages $drill_packages $debian_disk_packages nfs-ganesha nfs-ganesha-vfs openssh-server openssh-client nginx-light openssl makedumpfile age
build_program
fetch_test_kernels
guest_kernel
debian_disk

work=$(mktemp -d "$root/artifacts/targets.XXXXXX")
pids=""
# shellcheck disable=SC2086
trap 'kill $pids 2>/dev/null || true; wait; rm -rf "$work"' EXIT
mkdir -p "$work"/{nfs,ssh,https,state} /run/sshd
chmod 755 "$work"

free_port() { local port; while port=$((20000 + RANDOM % 20000)); ss -tln | grep -q ":$port "; do :; done; echo "$port"; }

ssh-keygen -q -t ed25519 -N '' -f "$work/host"
ssh-keygen -q -t ed25519 -N '' -f "$work/client"
ssh_port=$(free_port)
printf '%s\n' "Port $ssh_port" 'ListenAddress 127.0.0.1' "HostKey $work/host" "AuthorizedKeysFile $work/client.pub" 'PidFile none' 'StrictModes no' \
    'UsePAM no' 'PasswordAuthentication no' 'PermitRootLogin yes' 'Subsystem sftp internal-sftp' >"$work/sshd.conf"
/usr/sbin/sshd -D -e -f "$work/sshd.conf" 2>"$work/sshd.log" &
pids="$pids $!"

nfs_port=$(free_port)
cat >"$work/ganesha.conf" <<CONF
NFS_CORE_PARAM { NFS_Port = $nfs_port; Bind_addr = 127.0.0.1; Protocols = 4; Enable_NLM = false; Enable_RQUOTA = false; Enable_UDP = false; }
NFSv4 { RecoveryBackend = fs; RecoveryRoot = "$work/state"; Graceless = true; Minor_Versions = 0, 1, 2; }
EXPORT { Export_Id = 1; Path = "$work/nfs"; Pseudo = "/nfs"; Protocols = 4; Access_Type = RW; Squash = No_Root_Squash; SecType = sys; FSAL { Name = VFS; } }
CONF
ganesha.nfsd -F -f "$work/ganesha.conf" -L "$work/ganesha.log" -p "$work/ganesha.pid" >/dev/null 2>&1 &
pids="$pids $!"

https_port=$(free_port)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=10.0.2.2 -addext subjectAltName=IP:10.0.2.2,IP:127.0.0.1 \
    -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
cat >"$work/nginx.conf" <<CONF
daemon off; master_process off; pid $work/nginx.pid; error_log stderr; user root;
events { }
http {
  access_log off; client_max_body_size 0; client_body_temp_path $work/state/body;
  proxy_temp_path $work/state/p; fastcgi_temp_path $work/state/f; uwsgi_temp_path $work/state/u; scgi_temp_path $work/state/s;
  server {
    listen 127.0.0.1:$https_port ssl; ssl_certificate $work/cert.pem; ssl_certificate_key $work/key.pem;
    root $work/https; dav_methods PUT; create_full_put_path on;
  }
}
CONF
/usr/sbin/nginx -e stderr -c "$work/nginx.conf" 2>"$work/nginx.log" &
pids="$pids $!"

age-keygen -o "$work/age.key" 2>/dev/null

# What every guest has beside Debian: this program, keys, and a unit that arms and panics as lifeboat.bench= on its command line says.
mkdir "$work/files"
cp "$program" "$work/files/lifeboat"
cp "$work/client" "$work/files/client"
cp "$work/cert.pem" "$work/files/cert.pem"
cp "$(command -v makedumpfile)" "$work/files/makedumpfile"
ssh_line="ssh root@10.0.2.2 port=$ssh_port key=/bench/client hostkey=\"$(cut -d ' ' -f 1,2 "$work/host.pub")\""
cat >"$work/files/ours" <<CONF
path /var/crash
final_action poweroff
failure_action poweroff
CONF
cat >"$work/files/run" <<'RUN'
#!/bin/bash
exec >/dev/ttyS0 2>&1
word() { sed -n "s/.*lifeboat\.bench=\([^ ]*\).*/\1/p" /proc/cmdline; }
IFS=, read -r tool target <<<"$(word)"
# 300 MB of a process's memory: random bytes and zeros by turns.
(head -c 150M /dev/urandom; head -c 150M /dev/zero) >/dev/shm/filled
mkdir -p /var/crash /root/.ssh /etc/lifeboat
chmod 600 /bench/client
case $tool in
    kdump)
        systemctl stop kdump-tools
        { echo USE_KDUMP=1; cat "/bench/kdump.$target"; } >/etc/default/kdump-tools
        cp /bench/client /root/.ssh/kdump_id_rsa
        cp /bench/ssh_config /root/.ssh/config
        kdump-config load ;;
    ours*)
        systemctl stop kdump-tools
        cat /bench/ours "/bench/ours.$target" >/etc/lifeboat/lifeboat.conf
        lifeboat ramdisk build /run/capture.img || poweroff -f
        echo "bench: ramdisk $(stat -c %s /run/capture.img)"
        lifeboat arm --ramdisk /run/capture.img --append "$(cat "/bench/append.$target" 2>/dev/null)" ;;
esac
sync
sleep 2
# On the first CPU: a capture kernel that runs on another one cannot have the first.
taskset -pc 0 $$ >/dev/null
echo "bench: panic"
echo c >/proc/sysrq-trigger
RUN
chmod 755 "$work/files/run"
printf 'Host 10.0.2.2\n  Port %s\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n' "$ssh_port" >"$work/files/ssh_config"
echo "local /var/crash" >"$work/files/ours.disk"
echo "nfs 10.0.2.2:/nfs port=$nfs_port vers=4.1" >"$work/files/ours.nfs"
echo "$ssh_line" >"$work/files/ours.ssh"
echo "https https://10.0.2.2:$https_port/ protocol=put cert=/bench/cert.pem" >"$work/files/ours.https"
printf 'local /var/crash\nseal_to %s\n' "$(age-keygen -y "$work/age.key")" >"$work/files/ours.sealed"
append='KDUMP_CMDLINE_APPEND="reset_devices systemd.unit=kdump-tools-dump.service nr_cpus=1 irqpoll nousb net.ifnames=0"'
printf '%s\n' "$append" >"$work/files/kdump.disk"
# Of options of the mount only some can be given, which are not quoted.
printf '%s\nNFS="10.0.2.2:/nfs"\nNFS_RETRANS=3,port=%s\n' "$append" "$nfs_port" >"$work/files/kdump.nfs"
printf '%s\nSSH="root@10.0.2.2"\nKDUMP_COREDIR="%s"\n' "$append" "$work/ssh" >"$work/files/kdump.ssh"
# The same stream by the peer, before ours, from the same /proc/vmcore: packed in Debian's way (zlib, -c) and in Fedora's (lzo, -l).
{ echo "$ssh_line"; echo "kdump_pre /bench/peers"; echo "hook_timeout 600"; echo "extra_bins /bin/sh /usr/bin/ssh /bench/makedumpfile"; } >"$work/files/ours.stream"
echo "nr_cpus=2" >"$work/files/append.stream"
cat >"$work/files/peers" <<PEERS
#!/bin/sh
umask 077
printf '%s\\n' '$(cat "$work/client")' >/tmp/client
for codec in c l; do
    read -r start rest </proc/uptime
    /bench/makedumpfile -F -\$codec -d 31 /proc/vmcore 2>/dev/null | /usr/bin/ssh -i /tmp/client -p $ssh_port -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null root@10.0.2.2 "dd of=$work/ssh/peer.\$codec status=none && sync $work/ssh/peer.\$codec" 2>/dev/console
    read -r end rest </proc/uptime
    echo "bench: peer \$codec \$start \$end" >/dev/console
done
echo "bench: ours" >/dev/console
exit 0
PEERS
mkdir "$work/unit"
# Not in the capture kernel of Debian's, whose command line says the same.
printf '[Unit]\nAfter=network.target kdump-tools.service networking.service\nConditionPathExists=!/proc/vmcore\n[Service]\nType=oneshot\nExecStart=/bench/run\n' >"$work/unit/bench.service"
cp "$debian_disk_folder/disk.img" "$work/base.img"
{
    echo "mkdir /bench"
    for file in "$work"/files/*; do echo "write $file /bench/${file##*/}"; done
    for file in run lifeboat peers makedumpfile; do echo "sif /bench/$file mode 0100755"; done
    echo "sif /bench/client mode 0100600"
    echo "symlink /usr/sbin/lifeboat /bench/lifeboat"
    echo "write $work/unit/bench.service /etc/systemd/system/bench.service"
    echo "mkdir /etc/systemd/system/kdump-tools-dump.service.d"
} >"$work/debugfs"
debugfs -w -f "$work/debugfs" "$work/base.img" >/dev/null 2>"$work/debugfs.log"
# A capture kernel of Debian's has no network unless somebody asks for it.
printf '[Unit]\nWants=networking.service\nAfter=networking.service\n' >"$work/unit/network.conf"
debugfs -w -R "write $work/unit/network.conf /etc/systemd/system/kdump-tools-dump.service.d/network.conf" "$work/base.img" >/dev/null 2>&1

# guest TOOL TARGET ROUND: one crash; its console, each line with the time, in NAME.console.
guest() {
    local name="$1-$2-$3" log="$work/$1-$2-$3.console"
    cp --reflink=auto --sparse=always "$work/base.img" "$work/disk.img"
    say "$name"
    timeout 900 qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 2048 -nodefaults -nographic -no-reboot \
        -kernel "$debian_disk_folder/vmlinuz" -initrd "$debian_disk_folder/initrd.img" -drive "file=$work/disk.img,format=raw,if=virtio,cache=unsafe" \
        -netdev user,id=n -device virtio-net-pci,netdev=n -serial stdio \
        -append "root=/dev/vda console=ttyS0 net.ifnames=0 loglevel=3 panic=-1 crashkernel=384M systemd.show_status=0 systemd.wants=bench.service lifeboat.bench=$1,$2" \
        2>"$work/qemu.log" </dev/null | while IFS= read -r line; do printf '%s %s\n' "$EPOCHREALTIME" "${line%$'\r'}"; done >"$log" || true
    [ -z "$keep" ] || cp "$log" "$keep/"
}

# after NAME TEXT: seconds from the panic until the line.
after() { [ ! -f "$work/$1.console" ] || awk -v text="$2" '/bench: panic/ { start = $1 } start && index($0, text) { printf "%.2f\n", $1 - start; exit }' "$work/$1.console"; }
median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) printf "%.1f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; else printf "-" }'; }
# medians TOOL TARGET TEXT
medians() { for round in $(seq "$rounds"); do after "$1-$2-$round" "$3"; done | median; }

case $what in *targets*)
    for round in $(seq "$rounds"); do
        for target in disk nfs ssh https; do
            guest ours "$target" "$round"
            [ "$target" = https ] || guest kdump "$target" "$round"
        done
    done
    printf '| Target | log, ours | kdump-tools | report, ours | dump, ours | kdump-tools | of its | ramdisk, ours / its |\n|---|---|---|---|---|---|---|---|\n'
    its_ramdisk=$(debugfs -R "stat /var/lib/kdump/initrd.img-${image##*/vmlinuz-}" "$work/base.img" 2>/dev/null | sed -n 's/.*Size: \([0-9]*\).*/\1/p')
    for target in disk nfs ssh https; do
        printf '%s\n' "$target" "$(medians ours $target ' log durable')" "$(medians kdump $target 'saved dmesg content')" "$(medians ours $target ' report durable')" \
            "$(medians ours $target ' dump durable')" "$(medians kdump $target 'saved vmcore in')" \
            "$(sed -n 's/.*bench: ramdisk //p' "$work/ours-$target-1.console")" "$its_ramdisk" | paste -s -d ' ' | awk '{
            printf "| %s | %s s | %s | %s s | %s s | %s | %s | %.2f / %.1f MB |\n", $1, $2, $3 == "-" ? "-" : $3 " s", $4, $5, $6 == "-" ? "-" : $6 " s",
                $6 == "-" ? "-" : sprintf("**%.2f**", $5 / $6), $7 / 1e6, $8 / 1e6 }'
    done ;;
esac
# What the dump alone took, from the line that the report is durable to the line that the dump is, for each 100,000 of its pages: no two
# guests have the same memory.
spent() {
    for round in $(seq "$rounds"); do
        pages=$(sed -n 's/.* dump durable: .* bytes, \([0-9]*\) of .*/\1/p' "$work/ours-$1-$round.console")
        awk -v a="$(after "ours-$1-$round" ' report durable')" -v b="$(after "ours-$1-$round" ' dump durable')" -v p="${pages:-0}" \
            'BEGIN { if (a && b && p) print (b - a) / p * 1e5 }'
    done | median
}
case $what in *sealing*)
    for round in $(seq "$rounds"); do
        case $what in *targets*) ;; *) guest ours disk "$round" ;; esac
        guest ours sealed "$round"
    done
    printf '| Dump to the disk, each 100,000 pages | plain | sealed | more |\n|---|---|---|---|\n'
    awk -v a="$(spent disk)" -v b="$(spent sealed)" 'BEGIN { printf "| by one CPU | %.2f s | %.2f s | %.0f %% |\n", a, b, (b / a - 1) * 100 }' ;;
esac
case $what in *stream*)
    for round in $(seq "$rounds"); do
        guest ours stream "$round"
        for codec in c l; do
            # A peer that has sent nothing is the fastest.
            size=$(stat -c %s "$work/ssh/peer.$codec" 2>/dev/null || echo 0)
            [ "$size" -gt 1000000 ] || { say "the peer has sent no dump (-$codec)"; exit 1; }
            echo "0 bench: size $codec $size" >>"$work/ours-stream-$round.console"
            rm -f "$work/ssh/peer.$codec"
        done
    done
    each() { for round in $(seq "$rounds"); do awk "$1" "$work/ours-stream-$round.console"; done | median; }
    ours=$(each '/bench: ours/ { start = $1 } start && / dump durable/ { print $1 - start; exit }')
    ours_size=$(each '/ dump durable/ { for (i = 1; i < NF; i++) if ($(i + 1) == "bytes,") print $i / 1e6; exit }')
    printf '| Stream over ssh, two CPUs | time | megabytes | ours, of its time |\n|---|---|---|---|\n| ours (zstd) | %s s | %s | |\n' "$ours" "$ours_size"
    for codec in c l; do
        its=$(each "/bench: peer $codec/ { print \$NF - \$(NF - 1); exit }")
        its_size=$(each "/bench: size $codec/ { print \$NF / 1e6; exit }")
        awk -v a="$ours" -v b="$its" -v n="makedumpfile -F -$codec, ssh dd" -v s="$its_size" 'BEGIN { printf "| %s | %s s | %s | **%.2f** |\n", n, b, s, a / b }'
    done ;;
esac
# A drill's guest finds this machine at its own address.
case $what in *minimum*)
    printf '| Target | smallest crashkernel= |\n|---|---|\n'
    for target in disk nfs ssh https; do
        say "minimum-$target"
        settings=()
        [ "$target" = disk ] || {
            sed "s,10\.0\.2\.2,127.0.0.1,; s,/bench/,$work/files/," "$work/files/ours.$target" >"$work/$target.conf"
            settings=(--settings "$work/$target.conf")
        }
        "$program" drill --find-minimum --json --kernel "$image" --modules "$modules" "${settings[@]}" >"$work/minimum.json" 2>"$work/messages" ||
            { cat "$work/messages" "$work/minimum.json" >&2; continue; }
        smallest=$(sed -n 's/^ *"smallestBytes": \([0-9]*\).*/\1/p' "$work/minimum.json")
        printf '| %s | %sM |\n' "$target" "$((smallest >> 20))"
    done ;;
esac
