//! The chains that can be started without a chain spec: who holds what, who seals blocks, and who
//! is root.

use alloc::{vec, vec::Vec};
use capacity_protocol::{
	Confidence, PenaltyBasis, Policy, PriceList, RelayTerms, Schedule, Selection, Slashing,
	StandardWork, Synthetic,
};
use frame_support::build_struct_json_patch;
use serde_json::Value;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{FixedU128, Perquintill};

use crate::{
	AuraConfig, Balance, BalancesConfig, CapacityOracleConfig, GrandpaConfig, RuntimeGenesisConfig,
	SudoConfig, MILLIUNIT, UNIT,
};

const ENDOWMENT: Balance = 1_000_000 * UNIT;

/// What the service has for audits at first.
const MONEY: Balance = 1_000_000 * UNIT;

/// Short sessions, for blocks of a second. The randomness of this chain looks back 81 blocks; two of
/// them are enough to see the mechanism, and no protection from a block author.
pub const DEVELOPMENT_SCHEDULE: Schedule =
	Schedule { session: 20, draw: 5, claims: 10, proofs: 10, patience: 60, lookback: Some(2) };

/// Sessions of half an hour with blocks of six seconds. The randomness is taken at its word.
pub const LOCAL_TESTNET_SCHEDULE: Schedule =
	Schedule { session: 300, draw: 120, claims: 100, proofs: 100, patience: 600, lookback: None };

/// One kind of work that needs nothing but a processor: a unit is a chain of a thousand hashes, some
/// tenth of a millisecond. At an audit rate of a fifth, truth is best for whoever has as much as one bid is
/// admitted for; a rate of about a ninth would do.
pub fn hashing() -> Policy<StandardWork> {
	Policy {
		work: Synthetic { steps: 1_000 }.into(),
		cost: MILLIUNIT,
		margin: FixedU128::from_u32(1),
		reference: 10_000,
		curvature: FixedU128::from_u32(2),
		stake_factor: FixedU128::from_u32(10),
		audit_rate: Perquintill::from_percent(20),
		selection: Selection::Independent,
		quorum: Perquintill::zero(),
		slashing: Slashing::Full,
		minimum_bid: 1_000,
		maximum_bid: 20_000,
		openings: 16,
		relays: Some(requests()),
	}
}

/// Requests at the cost of a unit of work each. Claims worth ten coins are proven always, smaller ones
/// one time in ten.
pub fn requests() -> RelayTerms {
	RelayTerms {
		suppliers: 5,
		price: MILLIUNIT,
		prices: PriceList::flat(1),
		owner_share: Perquintill::from_percent(10),
		pot_share: Perquintill::from_percent(5),
		threshold: 10 * UNIT,
		adapt_threshold: false,
		probability: Perquintill::from_percent(10),
		wanted_proofs: None,
		penalty: PenaltyBasis::Worth,
		confidence: Confidence::Mean,
		credit_relays: false,
		minimum_deposit: UNIT,
	}
}

fn genesis(authorities: Vec<(AuraId, GrandpaId)>, schedule: Schedule) -> Value {
	let (aura, grandpa): (Vec<_>, Vec<_>) = authorities.into_iter().unzip();
	build_struct_json_patch!(RuntimeGenesisConfig {
		balances: BalancesConfig {
			balances: Sr25519Keyring::well_known()
				.map(|key| (key.to_account_id(), ENDOWMENT))
				.collect::<Vec<_>>(),
		},
		aura: AuraConfig { authorities: aura },
		grandpa: GrandpaConfig {
			authorities: grandpa.into_iter().map(|key| (key, 1)).collect::<Vec<_>>(),
		},
		sudo: SudoConfig { key: Some(Sr25519Keyring::Alice.to_account_id()) },
		capacity_oracle: CapacityOracleConfig {
			schedule: Some(schedule),
			services: vec![(Some(Sr25519Keyring::Eve.to_account_id()), hashing(), MONEY)],
		},
	})
}

fn alice() -> (AuraId, GrandpaId) {
	(Sr25519Keyring::Alice.public().into(), Ed25519Keyring::Alice.public().into())
}

fn bob() -> (AuraId, GrandpaId) {
	(Sr25519Keyring::Bob.public().into(), Ed25519Keyring::Bob.public().into())
}

pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
	let patch = match id.as_ref() {
		DEV_RUNTIME_PRESET => genesis(vec![alice()], DEVELOPMENT_SCHEDULE),
		LOCAL_TESTNET_RUNTIME_PRESET => genesis(vec![alice(), bob()], LOCAL_TESTNET_SCHEDULE),
		_ => return None,
	};
	Some(serde_json::to_vec(&patch).expect("a JSON value can be written; qed"))
}

pub fn preset_names() -> Vec<PresetId> {
	vec![PresetId::from(DEV_RUNTIME_PRESET), PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET)]
}
