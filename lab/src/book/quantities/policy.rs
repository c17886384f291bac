//! The policies that the search finds for the networks of the book.

use super::{quantity, Arguments, Quantity};
use crate::{
	policy::{search, Network, Wish, MONEY},
	Progress, Values,
};
use anyhow::{bail, Result};
use capacity_economics::FixedU128;

pub(super) const ALL: &[Quantity] = &[
	quantity(
		"policy_cost",
		&["network"],
		"what the cheapest policy costs, as a share of all costs",
		|of| Ok(search(&wish(of)?, Progress::Hidden)?.best.candidate.cost.total),
	),
	quantity(
		"policy_outages",
		&["network"],
		"of that, what honest suppliers lose in outages",
		|of| Ok(search(&wish(of)?, Progress::Hidden)?.best.candidate.cost.outages()),
	),
];

fn wish(of: &Arguments) -> Result<Wish> {
	Ok(match of.text("network")? {
		"small" => Wish::of(Network::Small),
		"open" => Wish::of(Network::Open),
		"hardware" => Wish::of(Network::Hardware),
		"hardware-by-the-largest" => by_the_largest()?,
		name => bail!("there is no network {name}"),
	})
}

/// The same network of dear hardware, with its largest supplier as the reference.
fn by_the_largest() -> Result<Wish> {
	Ok(Wish {
		capacity_cost: 80 * MONEY,
		reference: 40_000,
		largest: FixedU128::from_u32(1),
		smallest: FixedU128::from_rational(1, 16),
		most_stake: Some(500.0),
		sizes: "0.125,0.25,0.25,0.5,1".parse::<Values>()?.all().to_vec(),
		..Wish::of(Network::Hardware)
	})
}
