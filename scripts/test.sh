#!/usr/bin/env bash
# Runs all tests: those of the pallet, the pure crates, the laboratory and the book, with every assertion
# on and without node or wasm; then those of runtime, node, agent, and the ones that start real processes.
# Ends with the sum of the runners' own counts.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0

run() {
	printf '\n== %s\n' "$*"
	"$@" 2>&1 | tee -a "$log" || failed=1
}

run cargo test --locked --no-fail-fast \
	-p sum-trie -p capacity-economics -p capacity-protocol -p pallet-capacity-oracle -p capacity-oracle-lab \
	--features pallet-capacity-oracle/runtime-benchmarks,pallet-capacity-oracle/try-runtime

run cargo build --release --locked
run cargo test --release --locked --no-fail-fast --lib --bins --tests

printf '\n'
awk '/^test result:/ { passed += $4; failed += $6 } END { printf "%d passed, %d failed\n", passed, failed }' "$log"
exit "$failed"
