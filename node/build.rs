//! Puts the commit into the node's version. Runs when the node's own files change, not on each
//! commit, which would link the node anew every time.

fn main() {
	substrate_build_script_utils::generate_cargo_keys();
}
