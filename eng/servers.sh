# Sourced by test.sh and the benchmarks: servers that uploads are sent to, from the registry of node's packages. $root is the top of
# the checkout.

# fetch_test_servers: sets LIFEBOAT_TEST_SERVERS; without node, the tests that need them are skipped and counted.
fetch_test_servers() {
    local folder="$root/artifacts/test-servers"
    if ! command -v npm >/dev/null 2>&1; then
        say "there is no npm: tests of uploads to servers for node are skipped"
        return 0
    fi
    mkdir -p "$folder"
    printf '%s\n' '{' '  "private": true,' '  "dependencies": {' \
        '    "@tus/server": "2.4.5",' '    "@tus/file-store": "2.1.1",' '    "@20minutes/s3rver": "5.0.0"' '  }' '}' >"$folder/package.json.new"
    if ! cmp -s "$folder/package.json.new" "$folder/package.json" || [ ! -d "$folder/node_modules" ]; then
        mv "$folder/package.json.new" "$folder/package.json"
        say "fetching servers for the tests of uploads"
        (cd "$folder" && npm install --no-audit --no-fund --ignore-scripts >npm.log 2>&1) || {
            cat "$folder/npm.log" >&2
            rm -f "$folder/package.json"
            say "the servers could not be fetched; the messages stand above. Tests that need them are skipped"
            return 0
        }
    fi
    rm -f "$folder/package.json.new"
    export LIFEBOAT_TEST_SERVERS="$folder"
}
