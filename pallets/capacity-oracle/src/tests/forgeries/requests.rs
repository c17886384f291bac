//! Relays that their application has not asked for, or not so.

use super::*;

/// The relays of the second application are as `forge` makes them.
fn is_refused_of_one(error: ProofError, forge: impl Fn(Draft) -> Leaf) {
	is_refused(looked_at(), error, |who| {
		let drafts = (0..UNITS).map(|nonce| Draft::new(who, SESSION, 1, nonce));
		[relays(who, 0, UNITS), drafts.map(&forge).collect()].concat()
	});
}

fn is_not_signed(forge: impl Fn(Draft) -> Leaf) {
	is_refused_of_one(ProofError::NotSigned, forge);
}

#[test]
fn a_request_that_nobody_signed() {
	is_not_signed(|draft| {
		let mut leaf = draft.leaf();
		leaf.value[49..113].fill(0);
		leaf
	});
}

#[test]
fn a_request_signed_by_another_application() {
	is_not_signed(|draft| Draft { signer: signing_key(11), ..draft }.leaf());
}

#[test]
fn a_request_signed_with_a_key_that_was_removed() {
	let (key, account) = REMOVED;
	let signer = signing_key(account);
	is_not_signed(|draft| Draft { key, signer: signer.clone(), ..draft }.leaf());
}

#[test]
fn a_request_signed_with_a_key_that_is_not_valid_yet() {
	let (key, account) = ADDED;
	let signer = signing_key(account);
	is_not_signed(|draft| Draft { key, signer: signer.clone(), ..draft }.leaf());
}

#[test]
fn a_request_that_names_another_key_than_the_one_that_signed() {
	for key in [REMOVED.0, ADDED.0, 3, u8::MAX] {
		is_not_signed(|draft| Draft { key, ..draft }.leaf());
	}
}

#[test]
fn a_request_of_another_session() {
	is_not_signed(|draft| Draft { seed: relay_session(SESSION - 1).seed, ..draft }.leaf());
}

#[test]
fn a_request_for_another_service() {
	is_not_signed(|draft| Draft { service: 1, ..draft }.leaf());
}

#[test]
fn a_request_to_another_supplier() {
	is_not_signed(|draft| Draft { supplier: 3, ..draft }.leaf());
}

/// What is signed decides what a request weighs.
#[test]
fn a_request_that_says_another_method_than_was_signed() {
	is_not_signed(|draft| {
		let mut leaf = draft.leaf();
		leaf.value[5..9].copy_from_slice(&HEAVY);
		leaf
	});
}

/// The relay itself is right: its application has signed it. It stands among those of the second.
#[test]
fn a_relay_of_another_application() {
	is_refused_of_one(ProofError::OtherPayer, |draft| {
		let first = Draft::new(draft.supplier, SESSION, 0, draft.request.nonce);
		Leaf { path: Relay::path(1, &first.digest()), ..first.leaf() }
	});
}

/// The same, with the second application's number written over the first's.
#[test]
fn a_relay_with_another_applications_number() {
	is_not_signed(|draft| {
		let mut leaf = Draft::new(draft.supplier, SESSION, 0, draft.request.nonce).leaf();
		leaf.value[..4].copy_from_slice(&1u32.to_le_bytes());
		Leaf { path: draft.leaf().path, ..leaf }
	});
}

#[test]
fn a_relay_at_a_path_that_is_not_its_requests() {
	is_refused_of_one(ProofError::WrongPlace, |draft| {
		let mut leaf = draft.leaf();
		leaf.path[4] ^= 0x80;
		leaf
	});
}

#[test]
fn content_that_is_no_relay() {
	for length in [0, 1, Relay::LENGTH - 1] {
		is_refused_of_one(ProofError::MalformedWork, |draft| {
			let mut leaf = draft.leaf();
			leaf.value.truncate(length);
			leaf
		});
	}
}

/// It is not even read.
#[test]
fn content_that_is_longer_than_any_work() {
	is_refused_of_one(ProofError::Malformed, |draft| {
		let mut leaf = draft.leaf();
		leaf.value.push(0);
		leaf
	});
}
