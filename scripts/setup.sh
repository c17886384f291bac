#!/usr/bin/env bash
# Installs what a build needs and says what it did. Safe to run again: it changes only what is missing.
#
# Two kinds of machine are served. Where rustup's server can be reached, rust-toolchain.toml names
# everything. Where only Debian's packages and crates.io can be reached, Debian's own compiler is
# used, and the wasm standard library is built once from the sources that Debian ships.
set -euo pipefail
cd "$(dirname "$0")/.."

TARGET=wasm32v1-none
CHANNEL=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
LINKED=debian-web
DEBIAN_SYSROOT=/usr

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

apt_updated=
apt_install() {
	command -v apt-get >/dev/null || die "please install by hand: $* (this is not a Debian machine)"
	if [ -z "$apt_updated" ]; then as_root apt-get update -qq; apt_updated=1; fi
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
	say "installed $*"
}

system_packages() {
	local missing=()
	command -v cc >/dev/null || missing+=(build-essential)
	command -v make >/dev/null || missing+=(make)
	command -v git >/dev/null || missing+=(git)
	command -v curl >/dev/null || missing+=(curl ca-certificates)
	command -v pkg-config >/dev/null || missing+=(pkg-config)
	command -v protoc >/dev/null || missing+=(protobuf-compiler)
	pkg-config --exists openssl 2>/dev/null || missing+=(libssl-dev)
	[ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
}

# Whether the compiler that plain `cargo` would use here can build for wasm.
wasm_ready() {
	local dir
	dir=$(rustc --print target-libdir --target "$TARGET" 2>/dev/null) || return 1
	command -v cargo >/dev/null && compgen -G "$dir/libcore-*.rlib" >/dev/null
}

# Fails where rustup's server, or the wasm target on it, cannot be reached.
from_rustup() {
	if ! command -v rustup >/dev/null; then
		curl -fsS -m 60 https://sh.rustup.rs 2>/dev/null \
			| sh -s -- -y --no-modify-path --profile minimal --default-toolchain none >/dev/null 2>&1 || return 1
		export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
		command -v rustup >/dev/null || return 1
		say "installed rustup (in ${CARGO_HOME:-$HOME/.cargo}/bin)"
	fi
	rustup toolchain install "$CHANNEL" --profile minimal -c clippy -c rustfmt -t "$TARGET" >/dev/null 2>&1 || return 1
	say "installed Rust $CHANNEL with $TARGET through rustup"
}

# The three crates of the wasm standard library, with bitcode for the runtime's link-time
# optimisation, put where Debian's compiler looks for them.
debian_wasm_std() {
	local lib="$DEBIAN_SYSROOT/lib/rustlib/$TARGET/lib" work
	compgen -G "$lib/libcore-*.rlib" >/dev/null && return
	work=$(mktemp -d)
	mkdir "$work/src"
	printf '#![no_std]\n' > "$work/src/lib.rs"
	cat > "$work/Cargo.toml" <<-T
	[package]
	name = "wasm-std"
	version = "0.0.0"
	edition = "2021"
	[lib]
	crate-type = ["rlib"]
	[workspace]
	T
	(cd "$work" && unset CARGO_TARGET_DIR && RUSTC_BOOTSTRAP=1 RUSTC="$DEBIAN_SYSROOT/bin/rustc" RUSTFLAGS="-C embed-bitcode=yes" \
		"$DEBIAN_SYSROOT/bin/cargo" build -q --release --target "$TARGET" -Zbuild-std=core,alloc)
	as_root mkdir -p "$lib"
	for crate in core alloc compiler_builtins; do
		as_root cp "$work/target/$TARGET/release/deps/lib$crate-"*.rlib "$lib/"
	done
	rm -rf "$work"
	say "built the $TARGET standard library for Debian's compiler"
}

from_debian() {
	local missing=() tools="$DEBIAN_SYSROOT/lib/rustlib/x86_64-unknown-linux-gnu/bin"
	[ -x "$DEBIAN_SYSROOT/bin/rustc" ] && [ -x "$DEBIAN_SYSROOT/bin/cargo" ] || missing+=(rustc-web cargo-web)
	[ -d "$DEBIAN_SYSROOT/lib/rustlib/src/rust/library" ] || missing+=(rust-web-src)
	command -v lld >/dev/null || missing+=(lld)
	[ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
	if [ ! -e "$tools/rust-lld" ]; then
		as_root mkdir -p "$tools"
		as_root ln -s "$(command -v lld)" "$tools/rust-lld"
		say "named Debian's lld rust-lld, as the compiler looks for it"
	fi
	debian_wasm_std
	if command -v rustup >/dev/null; then
		rustup toolchain list 2>/dev/null | grep -q "^$LINKED" || { rustup toolchain link "$LINKED" "$DEBIAN_SYSROOT"; say "linked Debian's compiler into rustup as $LINKED"; }
		if ! rustup override list 2>/dev/null | grep -qF "$PWD "; then
			rustup override set "$LINKED" >/dev/null 2>&1
			say "this checkout uses $LINKED (rustup override unset, to undo)"
		fi
	fi
}

system_packages
wasm_ready || from_rustup || { say "rustup cannot provide $TARGET here: using Debian's compiler"; from_debian; }
hash -r
wasm_ready || die "the compiler that cargo uses here still cannot build for $TARGET; see the messages above"
say "ready: $(rustc --version), $TARGET"
