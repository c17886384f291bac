//! Bytes of what suppliers send: calls as the chain encodes them, and the transactions around them.

use capacity_protocol::Payer;
use codec::{Compact, Encode, Output};
use sp_runtime::{
	generic::{Era, UncheckedExtrinsic},
	AccountId32, MultiAddress, MultiSignature,
};
use sum_trie::{Multiproof, Root};

/// The numbers of pallet and call. Which they are makes no difference to the length.
const CALL: [u8; 2] = [0, 0];

/// A call that commits to a trie, with who pays for its relays.
pub fn claim(commitment: Root, payers: &[Payer]) -> Vec<u8> {
	(CALL, 0u32, 0u32, commitment, payers).encode()
}

/// A call that opens a claim.
pub fn prove(proof: &Multiproof) -> Vec<u8> {
	prove_bytes(proof.encode())
}

/// A call with a proof of any kind.
pub fn prove_bytes(proof: Vec<u8>) -> Vec<u8> {
	(CALL, 0u32, 0u32, proof).encode()
}

/// Bytes that are encoded already.
struct Encoded(Vec<u8>);

impl Encode for Encoded {
	fn encode_to<T: Output + ?Sized>(&self, output: &mut T) {
		output.write(&self.0);
	}
}

/// Bytes of a signed transaction with this call in a block: its length, version, signer, signature, era,
/// nonce, tip and whether it names the metadata's hash. That is what the extensions of the sample
/// chain write, and of most chains.
pub fn transaction(call: Vec<u8>) -> usize {
	type Extensions = (Era, Compact<u32>, Compact<u128>, u8);
	type Signed =
		UncheckedExtrinsic<MultiAddress<AccountId32, ()>, Encoded, MultiSignature, Extensions>;
	let signer = MultiAddress::Id(AccountId32::new([0; 32]));
	let signature = MultiSignature::Sr25519(Default::default());
	let extensions = (Era::mortal(64, 0), Compact(1_000), Compact(0), 0);
	Signed::new_signed(Encoded(call), signer, signature, extensions).encode().len()
}

#[cfg(test)]
mod tests {
	use super::*;
	use capacity_protocol::{payers, Ranks};

	/// The same as measured with the calls of the runtime itself.
	#[test]
	fn claims_of_1_100_and_1000_applications_take_63_460_and_3060_bytes() {
		let bytes = |applications, relays| {
			let rank = Ranks::of(1, |_| true);
			let entries = (0..applications).map(|index| (index, rank, relays));
			let list: Vec<_> = payers(entries).collect();
			claim(Root::default(), &list).len()
		};
		assert_eq!([bytes(1, 10_000), bytes(100, 100), bytes(1_000, 10)], [63, 460, 3_060]);
	}

	#[test]
	fn a_transaction_adds_what_says_who_sends_it() {
		// Length 1 or 2, version 1, signer 33, signature 65, era 2, nonce 2, tip 1, metadata 1.
		assert_eq!(transaction(vec![0; 100]) - 100, 2 + 1 + 33 + 65 + 2 + 2 + 1 + 1);
	}
}
