//! Claims and proofs as the pool and blocks take them: while they are due, and without a fee where a proof
//! must be given.

mod chain;
mod signing;

use capacity_oracle_runtime::{
	genesis_config_presets::hashing, AccountId, Balance, Balances, CapacityOracle, Executive,
	Runtime, RuntimeCall, RuntimeOrigin, TxExtension, EXISTENTIAL_DEPOSIT, UNIT,
};
use capacity_protocol::{
	Duty, Policy, ServiceId, SessionIndex, Stage, StandardWork, Synthetic, Units,
};
use chain::{chain, next_block};
use codec::Encode;
use frame_support::{
	storage::{with_transaction, TransactionOutcome},
	BoundedVec,
};
use pallet_capacity_oracle::{Call, Claims, Error, ProofError};
use signing::signed;
use sp_genesis_builder::DEV_RUNTIME_PRESET;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie};
use sp_runtime::{
	traits::TransactionExtension,
	transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidity},
	ApplyExtrinsicResult, DispatchError, MultiAddress, Perquintill,
};
use sum_trie::{Blake2b256, Root, Trie};

const SERVICE: ServiceId = 0;
const UNITS: Units = 1_000;
/// By which the pool says that a claim or a proof is not due.
const NOT_DUE: u8 = 1;

fn account(key: Sr25519Keyring) -> AccountId {
	key.to_account_id()
}

fn free(key: Sr25519Keyring) -> Balance {
	Balances::free_balance(account(key))
}

/// Runs `test` on the development chain, in a session in which Bob is audited and can claim.
fn with_an_audit(test: impl FnOnce(SessionIndex)) {
	chain(DEV_RUNTIME_PRESET).execute_with(|| {
		next_block();
		let policy = Policy {
			work: Synthetic { steps: 3 }.into(),
			audit_rate: Perquintill::one(),
			..hashing()
		};
		CapacityOracle::set_policy(RuntimeOrigin::root(), SERVICE, policy, false)
			.expect("is valid");
		let stake = CapacityOracle::minimum_stake(SERVICE, UNITS).expect("there is a service");
		let bob = RuntimeOrigin::signed(account(Bob));
		CapacityOracle::bid(bob, SERVICE, UNITS, stake).expect("can bid");
		test(run_to(Stage::Claiming).session);
	});
}

/// Makes blocks until Bob's oldest duty has come to a stage.
fn run_to(stage: Stage) -> Duty<StandardWork> {
	for _ in 0..100 {
		next_block();
		let first = CapacityOracle::duties(SERVICE, account(Bob)).into_iter().next();
		if let Some(duty) = first.filter(|duty| duty.stage == stage) {
			return duty;
		}
	}
	panic!("no duty comes to this stage");
}

fn duty() -> Duty<StandardWork> {
	CapacityOracle::duties(SERVICE, account(Bob)).remove(0)
}

/// What Bob has to show.
fn trie() -> Trie<Blake2b256> {
	let audit = duty().audit.expect("is audited");
	let StandardWork::Synthetic(work) = audit.work;
	Trie::build(work.leaves::<Blake2b256>(&audit.task).collect()).expect("paths differ")
}

fn claim(session: SessionIndex, commitment: Root) -> RuntimeCall {
	let payers = BoundedVec::new();
	RuntimeCall::CapacityOracle(Call::claim { session, service: SERVICE, commitment, payers })
}

fn prove(session: SessionIndex, proof: Vec<u8>) -> RuntimeCall {
	let proof = BoundedVec::truncate_from(proof);
	RuntimeCall::CapacityOracle(Call::prove { session, service: SERVICE, proof })
}

/// What the pool says to a transaction.
fn validated(signer: Sr25519Keyring, call: RuntimeCall) -> TransactionValidity {
	with_transaction(|| {
		let extrinsic = signed(signer, call);
		let source = TransactionSource::External;
		let valid = Executive::validate_transaction(source, extrinsic, Default::default());
		TransactionOutcome::Rollback(Ok::<_, DispatchError>(valid))
	})
	.expect("nothing else can fail")
}

/// What becomes of a transaction in this block.
fn applied(signer: Sr25519Keyring, call: RuntimeCall) -> ApplyExtrinsicResult {
	Executive::apply_extrinsic(signed(signer, call))
}

fn refused_as_not_due(valid: TransactionValidity) -> bool {
	valid == Err(InvalidTransaction::Custom(NOT_DUE).into())
}

fn attempts(session: SessionIndex) -> u8 {
	let claim = Claims::<Runtime>::get(session, (SERVICE, account(Bob)));
	claim.expect("was made").attempts.count
}

/// Bob claims, and the chain asks for a proof. Returns the right one.
fn claimed(session: SessionIndex) -> Vec<u8> {
	let trie = trie();
	assert_eq!(applied(Bob, claim(session, trie.root())), Ok(Ok(())));
	let duty = run_to(Stage::Proving);
	assert_eq!(duty.session, session);
	trie.open(&duty.positions).expect("are in it").encode()
}

#[test]
fn wallets_see_the_extensions_that_they_know() {
	let seen: Vec<_> = <TxExtension as TransactionExtension<RuntimeCall>>::metadata();
	let names: Vec<_> = seen.iter().map(|extension| extension.identifier).collect();
	assert_eq!(
		names,
		[
			"AuthorizeCall",
			"CheckNonZeroSender",
			"CheckSpecVersion",
			"CheckTxVersion",
			"CheckGenesis",
			"CheckMortality",
			"CheckNonce",
			"CheckWeight",
			"ChargeTransactionPayment",
			"CheckMetadataHash",
			"WeightReclaim",
		]
	);
}

#[test]
fn claims_are_taken_while_their_window_is_open_of_whoever_has_something_to_claim() {
	with_an_audit(|session| {
		let root = trie().root();
		assert!(validated(Bob, claim(session, root)).is_ok());
		assert!(refused_as_not_due(validated(Charlie, claim(session, root))), "has no bid");
		assert!(refused_as_not_due(validated(Bob, claim(session + 1, root))), "it runs");
		run_to(Stage::AwaitingSeed);
		assert!(refused_as_not_due(validated(Bob, claim(session, root))), "it is over");
	});
}

#[test]
fn proofs_are_taken_of_whoever_must_give_one() {
	with_an_audit(|session| {
		assert!(refused_as_not_due(validated(Bob, prove(session, vec![]))), "nothing is claimed");
		let proof = claimed(session);
		assert!(refused_as_not_due(validated(Charlie, prove(session, proof.clone()))));
		assert!(validated(Bob, prove(session, proof.clone())).is_ok());
		assert_eq!(applied(Bob, prove(session, proof.clone())), Ok(Ok(())));
		next_block();
		assert!(refused_as_not_due(validated(Bob, prove(session, proof))), "it is given");
	});
}

#[test]
fn a_proof_needs_no_balance() {
	with_an_audit(|session| {
		let proof = claimed(session);
		let bob = MultiAddress::Id(account(Bob));
		let origin = RuntimeOrigin::root();
		Balances::force_set_balance(origin, bob, EXISTENTIAL_DEPOSIT).expect("root can");
		let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
		assert_eq!(applied(Bob, remark), Err(InvalidTransaction::Payment.into()));
		assert_eq!(applied(Bob, prove(session, proof)), Ok(Ok(())));
		assert_eq!(free(Bob), EXISTENTIAL_DEPOSIT);
		assert!(duty().proven);
	});
}

#[test]
fn a_proof_goes_before_what_pays_a_fee() {
	with_an_audit(|session| {
		let proof = claimed(session);
		let remark = RuntimeCall::System(frame_system::Call::remark { remark: vec![] });
		let priority = |call| validated(Bob, call).expect("is valid").priority;
		assert!(priority(prove(session, proof)) > priority(remark));
	});
}

#[test]
fn an_administrator_can_set_a_policy() {
	with_an_audit(|_| {
		let call = RuntimeCall::CapacityOracle(Call::set_policy {
			service: SERVICE,
			policy: hashing(),
			insist: false,
		});
		let call = RuntimeCall::Sudo(pallet_sudo::Call::sudo { call: Box::new(call) });
		assert!(validated(Alice, call.clone()).is_ok());
		assert_eq!(applied(Alice, call), Ok(Ok(())));
	});
}

#[test]
fn a_claim_is_charged() {
	with_an_audit(|session| {
		let before = free(Bob);
		assert_eq!(applied(Bob, claim(session, trie().root())), Ok(Ok(())));
		let fee = before - free(Bob);
		assert!(fee > 0 && fee < UNIT, "{fee}");
	});
}

#[test]
fn a_refused_proof_is_noted_and_can_be_corrected_with_the_next_block() {
	with_an_audit(|session| {
		let proof = claimed(session);
		let before = free(Bob);
		let malformed = Error::<Runtime>::InvalidProof(ProofError::Malformed);
		assert_eq!(applied(Bob, prove(session, vec![7])), Ok(Err(malformed.into())));
		assert_eq!((attempts(session), free(Bob)), (1, before), "noted, and free");
		let again = applied(Bob, prove(session, proof.clone()));
		assert_eq!(again, Err(InvalidTransaction::ExhaustsResources.into()), "once in a block");
		assert!(!duty().proven);
		next_block();
		assert_eq!(applied(Bob, prove(session, proof)), Ok(Ok(())));
		assert_eq!((attempts(session), free(Bob)), (2, before));
		assert!(duty().proven);
	});
}
