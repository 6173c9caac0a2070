#!/usr/bin/env bash
# Measures uploads as a capture makes them beside curl's, to the same servers on this machine in turns, from and to memory (/dev/shm):
# PUT to nginx through TLS, resumable (tus) to @tus/server through TLS and without, S3 in parts to s3rver. curl sends one PUT or PATCH
# each; it does not know parts. Medians. Takes a minute or two.
#   bench/upload.sh [--runs N] [MEBIBYTES]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../eng/setup.sh
. "$root/eng/setup.sh"
# shellcheck source=../eng/servers.sh
. "$root/eng/servers.sh"
runs=5
[ "${1:-}" != --runs ] || { runs=$2; shift 2; }
mebibytes=${1:-512}
require_packages nginx-light curl openssl libbearssl-dev
require_dotnet
fetch_test_servers
[ -n "${LIFEBOAT_TEST_SERVERS:-}" ] || exit 1
with_progress "building the client" "$root/artifacts/upload-build.log" dotnet build "$root/bench/Upload" -c Release
client="$root/artifacts/bin/Upload/release/Upload"
work=$(mktemp -d /dev/shm/lifeboat-bench.XXXXXX)
pids=""
# shellcheck disable=SC2086
trap 'kill $pids 2>/dev/null || true; wait; rm -rf "$work"' EXIT
servers="$root/tests/Lifeboat.Capture.Tests/Servers"
dd if=/dev/urandom of="$work/in" bs=1M count="$mebibytes" status=none
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
printf 'aws_access_key_id = S3RVER\naws_secret_access_key = S3RVER\n' >"$work/keys"

# serve NAME COMMAND...: starts a server of node's; its port is in NAME.port.
serve() {
    local name=$1
    shift
    mkdir -p "$work/$name"
    "$@" >"$work/$name.log" 2>&1 &
    pids="$pids $!"
    until grep -qs '^listening' "$work/$name.log"; do sleep 0.1; done
    sed -n 's/^listening //p' "$work/$name.log" >"$work/$name.port"
}
serve tus node "$servers/tus.mjs" "$LIFEBOAT_TEST_SERVERS" "$work/tus" 0 -
serve tuss node "$servers/tus.mjs" "$LIFEBOAT_TEST_SERVERS" "$work/tuss" 0 - "$work/key.pem" "$work/cert.pem"
serve s3 node "$servers/s3.cjs" "$LIFEBOAT_TEST_SERVERS" "$work/s3" 0
port=$((20000 + RANDOM % 20000))
mkdir -p "$work/nginx/root"
cat >"$work/nginx.conf" <<CONF
daemon off;
master_process off;
pid $work/nginx.pid;
error_log stderr;
events { }
http {
  access_log off; client_max_body_size 0; client_body_temp_path $work/nginx/body;
  proxy_temp_path $work/nginx/p; fastcgi_temp_path $work/nginx/f; uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
  server {
    listen 127.0.0.1:$port ssl; ssl_certificate $work/cert.pem; ssl_certificate_key $work/key.pem;
    root $work/nginx/root; dav_methods PUT; create_full_put_path on;
  }
}
CONF
/usr/sbin/nginx -e stderr -c "$work/nginx.conf" 2>"$work/nginx.log" &
pids="$pids $!"

ours() { "$client" "$work/in" "$@"; }
# Waits for an answer of 2xx and gives the seconds of the whole transfer.
theirs() { curl -sS --fail --cacert "$work/cert.pem" -o /dev/null -w '%{time_total}\n' -T "$work/in" "$@"; }
# An upload is made first, as every client of tus does; then its one PATCH is timed.
tus_patch() {
    local url=$1 size location
    size=$(stat -c %s "$work/in")
    location=$(curl -sS --cacert "$work/cert.pem" -D - -o /dev/null -X POST -H 'Tus-Resumable: 1.0.0' -H "Upload-Length: $size" "$url" |
        tr -d '\r' | sed -n 's/^[Ll]ocation: //p')
    theirs -X PATCH -H 'Tus-Resumable: 1.0.0' -H 'Upload-Offset: 0' -H 'Content-Type: application/offset+octet-stream' "${url%/files}$location"
}
clean() { find "$work/tus" "$work/tuss" "$work/s3" "$work/nginx/root" -type f -size +1M -delete; }

for _ in $(seq "$runs"); do
    ours https "https://localhost:$port/" protocol=put "ca=$work/cert.pem" >>"$work/put.ours"; clean
    theirs "https://localhost:$port/curl/vmcore.flat" >>"$work/put.curl"; clean
    ours http "http://localhost:$(cat "$work/tus.port")/files" >>"$work/tus.ours"; clean
    tus_patch "http://localhost:$(cat "$work/tus.port")/files" >>"$work/tus.curl"; clean
    ours https "https://localhost:$(cat "$work/tuss.port")/files" "ca=$work/cert.pem" >>"$work/tuss.ours"; clean
    tus_patch "https://localhost:$(cat "$work/tuss.port")/files" >>"$work/tuss.curl"; clean
    ours s3 "http://localhost:$(cat "$work/s3.port")/crashes" "credentials=$work/keys" >>"$work/s3.ours"; clean
    theirs --aws-sigv4 aws:amz:us-east-1:s3 --user S3RVER:S3RVER -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "http://localhost:$(cat "$work/s3.port")/crashes/curl" >>"$work/s3.curl"; clean
done

median() { sort -g "$1" | awk '{ seconds[NR] = $1 } END { print seconds[int((NR + 1) / 2)] }'; }
printf '| Upload of %s MiB | ours | curl | of its time |\n|---|---|---|---|\n' "$mebibytes"
for what in "put:PUT to nginx, TLS" "tus:tus to @tus/server" "tuss:tus to @tus/server, TLS" "s3:S3 to s3rver, parts by two connections; curl in one PUT that is not hashed"; do
    awk -v what="${what#*:}" -v mb="$mebibytes" -v a="$(median "$work/${what%%:*}.ours")" -v b="$(median "$work/${what%%:*}.curl")" 'BEGIN {
        mb *= 1.048576
        printf "| %s | %.2f s, %.0f MB/s | %.2f s, %.0f MB/s | **%.2f** |\n", what, a, mb / a, b, mb / b, a / b }'
done
