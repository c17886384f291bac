//! The supplier's key.

use crate::Keypair;
use anyhow::{bail, Context, Result};
use std::{path::Path, str::FromStr};
use subxt_signer::SecretUri;

/// The key that `text` names: a development key such as `//Bob`, or a file with a secret phrase.
pub fn read_key(text: &str) -> Result<Keypair> {
	if text.starts_with("//") {
		return parse(text).with_context(|| format!("\"{text}\" is no development key"));
	}
	if text.split_whitespace().count() >= 12 {
		// It would be seen by everybody who lists this computer's processes.
		bail!("give a file with the secret phrase as the key, not the phrase itself");
	}
	let path = Path::new(text);
	let phrase = std::fs::read_to_string(path).with_context(|| {
		format!("the key \"{text}\" is neither like //Bob nor a file with a secret phrase")
	})?;
	parse(phrase.trim()).with_context(|| format!("the file {text} has no secret phrase in it"))
}

fn parse(uri: &str) -> Result<Keypair> {
	// Their errors could say what is in the file.
	let uri = SecretUri::from_str(uri).ok().context("a phrase has 12 to 24 words")?;
	Keypair::from_uri(&uri).ok().context("the words are not those of a phrase")
}

#[cfg(test)]
mod tests {
	use super::*;
	use subxt_signer::sr25519::dev;

	const PHRASE: &str =
		"bottom drive obey lake curtain smoke basket hold race lonely fit walk//Bob";

	#[test]
	fn development_keys_are_known_by_name() {
		assert_eq!(read_key("//Bob").unwrap().public_key().0, dev::bob().public_key().0);
	}

	#[test]
	fn a_file_has_a_phrase() {
		let dir = tempfile::tempdir().unwrap();
		let path = dir.path().join("key");
		std::fs::write(&path, format!("{PHRASE}\n")).unwrap();
		let key = read_key(path.to_str().unwrap()).unwrap();
		assert_eq!(key.public_key().0, dev::bob().public_key().0);

		std::fs::write(&path, "bottom secret").unwrap();
		let error = format!("{:#}", read_key(path.to_str().unwrap()).err().unwrap());
		assert!(error.contains("has no secret phrase"), "{error}");
		assert!(!error.contains("bottom"), "{error}");
	}

	#[test]
	fn what_is_no_key_is_refused_in_words() {
		let refused = |text: &str| format!("{:#}", read_key(text).err().unwrap());
		assert!(refused("no-such-file").contains("neither like //Bob nor a file"));
		assert!(refused(PHRASE).contains("give a file"));
	}
}
