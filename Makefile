# Everything a newcomer types. Each target does the set-up that it needs.

# Shared by all checkouts of this machine, so that a second build takes minutes.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/capacity-oracle/target
export PATH := $(PATH):$(HOME)/.cargo/bin

LOCALNET := $(CARGO_TARGET_DIR)/release/localnet

.PHONY: help setup build run demo test bench bench-relays bench-runtime weights book figures clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what a build needs; changes nothing that is there already
	@scripts/setup.sh

build: setup ## Node, supplier, application and the local network
	cargo build --release --locked

run: build ## A development chain, an honest supplier, an application's endpoint; Ctrl-C stops it
	@$(LOCALNET) run

demo: build ## Suppliers that lie about their capacity, and about relays: who gains?
	@$(LOCALNET) demo

test: setup ## All tests, the ones with real processes among them
	@scripts/test.sh

bench: setup ## The trie's benchmarks
	cargo bench --locked -p sum-trie

bench-relays: setup ## Relays per second through a supplier's gateway, and the time that it adds
	cargo bench --locked --bench gateway

bench-runtime: setup ## Claims, proofs and settlements in the runtime's wasm
	cargo bench --locked --bench wasm

weights: setup ## Native times of the pallet's benchmarks, which its weights are made from
	cargo test --locked -p pallet-capacity-oracle --features runtime-benchmarks native_times -- --ignored --nocapture

book: setup ## The book, as web pages
	@scripts/book.sh

figures: setup ## Draw the book's figures again; their tests compare them with the code
	cargo run --release --locked -p capacity-oracle-lab -- figures --out docs/src/figures --format svg

clean: ## Remove everything that was built
	rm -rf "$(CARGO_TARGET_DIR)"
