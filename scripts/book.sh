#!/usr/bin/env bash
# Builds the book, and says where it is. Installs mdBook if this machine does not have it yet.
set -euo pipefail
cd "$(dirname "$0")/.."

VERSION=0.5.4
CACHE=$HOME/.cache/capacity-oracle
TARGET=${CARGO_TARGET_DIR:-$CACHE/target}
TOOLS=${CAPACITY_ORACLE_TOOLS:-$CACHE/tools}
MDBOOK=$TOOLS/bin/mdbook

say() { printf 'book: %s\n' "$*"; }

if [ "$("$MDBOOK" --version 2>/dev/null)" != "mdbook v$VERSION" ]; then
	say "installing mdBook $VERSION into $TOOLS, which takes some minutes"
	# In a folder of its own: what is built for it is of no use to anything else.
	env -u CARGO_TARGET_DIR cargo install mdbook --version "$VERSION" --locked --quiet \
		--no-default-features --features search --root "$TOOLS"
fi

mkdir -p "$TARGET"
"$MDBOOK" build docs --dest-dir "$(cd "$TARGET" && pwd)/book"
say "open $TARGET/book/index.html"
