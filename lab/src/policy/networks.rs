//! Networks that one may have in mind.

use super::{Wish, MONEY};
use crate::Values;
use capacity_economics::{Confidence, FixedU128, Perquintill};
use serde::Serialize;

/// A network with plausible numbers. Money is dollars. A byte on the network's own chain costs 10⁻⁶.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "camelCase")]
pub enum Network {
	/// 20 suppliers who know each other, all alike at 20 dollars a day, bids from 0.25 C; sessions of a
	/// day; capital 25 % a year, outages 1 %; claims of 15 dollars; at most 30 session costs (600 dollars)
	/// locked
	Small,
	/// 10,000 suppliers of RPC relays of 0.2 to 2 C at 0.05 dollars an hour, bids from 0.1 C; sessions of
	/// an hour; capital 12 % a year, outages 0.5 %; claims of 0.04 dollars; at most 200 proofs a session,
	/// and 2,000 session costs (100 dollars) locked
	Open,
	/// 200 suppliers of AI inference of 0.5 to 4 C at 20 dollars an hour, bids from 0.25 C; sessions of an
	/// hour; capital 12 % a year, outages 0.5 %; claims of 15 dollars; at most 2,000 session costs (40,000
	/// dollars) locked
	Hardware,
}

impl Default for Wish {
	/// A thousand suppliers alike, sessions of an hour, claims for a whole capacity.
	fn default() -> Self {
		Self {
			reference: 10_000,
			capacity_cost: MONEY,
			largest: FixedU128::from_u32(1),
			smallest: FixedU128::from_rational(1, 10),
			sizes: vec![FixedU128::from_u32(1)],
			suppliers: 1_000,
			sessions_per_year: 8_760.0,
			interest: 0.1,
			outage: 0.0,
			claim: MONEY,
			claims: 1_000,
			open: 2,
			price: FixedU128::from_u32(1),
			owner_share: Perquintill::from_percent(10),
			pot_share: Perquintill::from_percent(5),
			organic: Perquintill::from_percent(0),
			byte_price: 0.0,
			most_proofs: Some(100.0),
			proof_bytes: None,
			leaves: 10_000,
			safety: 1.1,
			confidence: Confidence::Mean,
			fake: Perquintill::from_percent(10),
			detection: Perquintill::from_percent(80),
			most_stake: None,
			least_gain: None,
			settler_share: Perquintill::from_percent(10),
			curvatures: values("1.1..3:20"),
			stakes: values("1..1000x31"),
			margins: vec![FixedU128::from_u32(1)],
			probabilities: shares("0.001..1x31"),
			thresholds: values("1,1.5,2,2.5,3,4"),
			openings: vec![1, 4, 16, 32],
		}
	}
}

impl Wish {
	/// What a network of this kind is, and what it wants.
	pub fn of(network: Network) -> Self {
		let usual = Self { byte_price: 1e-6, most_proofs: None, ..Self::default() };
		match network {
			Network::Small => Self {
				capacity_cost: 20 * MONEY,
				smallest: FixedU128::from_rational(1, 4),
				suppliers: 20,
				sessions_per_year: 365.0,
				interest: 0.25,
				outage: 0.01,
				claim: 15 * MONEY,
				claims: 20,
				most_stake: Some(30.0),
				..usual
			},
			Network::Open => Self {
				capacity_cost: MONEY / 20,
				largest: FixedU128::from_u32(2),
				sizes: values("0.2,0.5,1,2"),
				suppliers: 10_000,
				interest: 0.12,
				outage: 0.005,
				claim: MONEY / 25,
				claims: 10_000,
				most_proofs: Some(200.0),
				most_stake: Some(2_000.0),
				..usual
			},
			Network::Hardware => Self {
				capacity_cost: 20 * MONEY,
				largest: FixedU128::from_u32(4),
				sizes: values("0.5,1,1,2,4"),
				smallest: FixedU128::from_rational(1, 4),
				suppliers: 200,
				interest: 0.12,
				outage: 0.005,
				claim: 15 * MONEY,
				claims: 200,
				most_stake: Some(2_000.0),
				..usual
			},
		}
	}
}

/// Values that are written in this file; a test reads all of them.
fn values(text: &str) -> Vec<FixedU128> {
	text.parse::<Values>().map_or(Vec::new(), |values| values.all().to_vec())
}

fn shares(text: &str) -> Vec<Perquintill> {
	text.parse::<Values>().and_then(|values| values.probabilities()).unwrap_or_default()
}
