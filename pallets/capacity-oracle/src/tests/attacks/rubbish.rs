//! Proofs that prove nothing, for the room that the chain keeps for proofs. Only whoever must prove a claim
//! gets into it, once in a block for each claim, and free of charge only so often.

use super::*;
use codec::Encode;
use frame_support::dispatch::{CheckIfFeeless, GetDispatchInfo};
use sp_runtime::{
	traits::DispatchTransaction,
	transaction_validity::{InvalidTransaction, TransactionValidityError},
};

/// There is time for more attempts than are free.
const LONG: Schedule = Schedule { proofs: 2 * FREE_ATTEMPTS as u32, patience: 30, ..SCHEDULE };

/// Sends a proof of session 1 that proves nothing. Whether it is taken, and whether it is free.
fn rubbish(who: AccountId) -> Result<bool, TransactionValidityError> {
	let proof = vec![0; 1_000].try_into().unwrap();
	let call = RuntimeCall::CapacityOracle(Call::prove { session: 1, service: 0, proof });
	let (origin, info) = (signed(who), call.get_dispatch_info());
	let free = call.is_feeless(&origin);
	let extension = ChargeUnlessDue::<Test, ()>::from(());
	let length = call.encoded_size();
	let sent = extension.dispatch_transaction(origin, call, &info, length, 0);
	sent.map(|result| {
		assert!(result.is_err(), "it proves nothing");
		free
	})
}

#[test]
fn one_attempt_in_a_block_and_not_many_for_nothing() {
	on_chain(policy(), || {
		assert_ok!(CapacityOracle::set_schedule(RuntimeOrigin::root(), LONG));
		[1, 2].into_iter().for_each(|who| join(who, 20));
		run_to(claims_open(1));
		commit(1, 1, Units::MAX);
		run_to(seed_of(1));
		let not_due = InvalidTransaction::Custom(1).into();
		assert_eq!(rubbish(2), Err(not_due), "nothing committed to");
		assert_eq!(rubbish(OWNER), Err(not_due), "no bid");
		let mut free = 0;
		for _ in 0..FREE_ATTEMPTS + 4 {
			free += u8::from(rubbish(1).unwrap());
			for _ in 0..3 {
				assert_eq!(rubbish(1), Err(InvalidTransaction::ExhaustsResources.into()));
			}
			next_block();
		}
		assert_eq!(free, FREE_ATTEMPTS);
		assert_ok!(prove(1, 1, proof_of(1, 1, Units::MAX)));
		assert_eq!(rubbish(1), Err(not_due), "proven");
	});
}
