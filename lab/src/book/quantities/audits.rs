//! Audits of capacity.

use super::{quantity, Arguments, Quantity};
use crate::{
	audits::{least_rate, schedule::Schedule, utility, Concentration},
	number::Float,
};
use anyhow::Result;
use capacity_economics::{wilson_lower_bound, FixedU128, Game, Perquintill};

const LIE: &[&str] = &["rho", "stake", "rate", "split", "identities"];
const SIZE: &[&str] = &["rho", "stake", "rate", "split"];
const AUDIT: &[&str] = &["rho", "stake", "rate"];
const MANY: &[&str] = &["identities", "expected", "rate", "stake?"];

pub(super) const ALL: &[Quantity] = &[
	quantity("rate", &["rho", "stake"], "ε*, for unit capacity and a stake in rewards", |of| {
		Ok(least(of)?.float())
	}),
	quantity(
		"cost",
		&["rho", "stake"],
		"2ε*: what the protocol pays, as a share of all costs",
		|of| Ok(2.0 * least(of)?.float()),
	),
	quantity("knee", &["stake"], "the ρ from which a second bid binds, ε* = 1/(1 + S)", knee),
	quantity("truthful", AUDIT, "1 if the truth is best at this rate, else 0", |of| {
		Ok(f64::from(u8::from(of.probability("rate")? >= least(of)?)))
	}),
	quantity("attack_gain", AUDIT, "what the best strategy of all gains, in rewards", |of| {
		Ok(best(of)?.best_utility)
	}),
	quantity("attack_identities", AUDIT, "N of the best strategy of all", |of| {
		Ok(best(of)?.best.identities.into())
	}),
	quantity(
		"attack_split",
		AUDIT,
		"m of the best strategy: its bids are 1/m of the capacity",
		|of| Ok(best(of)?.best.split.into()),
	),
	quantity("utility", LIE, "U(N, 1/m): what N bids of 1/m gain, in rewards", |of| {
		let (identities, split) = (of.integer("identities")?, of.integer("split")?);
		utility::utility(&game(of)?, of.probability("rate")?, identities, split)
	}),
	quantity("best_identities", SIZE, "the best N for bids of 1/m", |of| {
		Ok(best_size(of)?.0.into())
	}),
	quantity("best_utility", SIZE, "what the best N of bids of 1/m gains", |of| {
		Ok(best_size(of)?.1)
	}),
	quantity(
		"truthful_up_to",
		&["rho", "stake", "rate", "margin?", "minimum_bid?"],
		"the largest capacity for which the chain's schedule is truthful, in C",
		|of| {
			let or = |name: &str, value: u32| match of.has(name) {
				true => of.decimal(name),
				false => Ok(FixedU128::from_u32(value)),
			};
			let (curvature, stake) = (of.decimal("rho")?, of.decimal("stake")?);
			let (margin, minimum_bid) = (or("margin", 1)?, or("minimum_bid", 0)?);
			let schedule = Schedule { curvature, stake, margin, minimum_bid };
			schedule.truthful_up_to(of.probability("rate")?)
		},
	),
	quantity(
		"concentration_gain",
		MANY,
		"what N linear bids gain that expect this allocation",
		|of| Ok(concentration(of)?.utility),
	),
	quantity("concentration_deviation", MANY, "the deviation of what they are asked for", |of| {
		Ok(concentration(of)?.deviation)
	}),
	quantity("concentration_overload", MANY, "the chance that they are asked for too much", |of| {
		Ok(concentration(of)?.overload)
	}),
	quantity(
		"break_even_outage",
		&["stake"],
		"the share of failed audits at which an honest bid earns nothing: r/(r + S)",
		|of| Ok(1.0 / (1.0 + of.float("stake")?)),
	),
	quantity(
		"verified",
		&["share", "audits"],
		"the lower bound of a delivered share, 95 %",
		|of| {
			let (share, audits) = (of.probability("share")?, of.integer("audits")?);
			let z = FixedU128::from_rational(1_645, 1_000);
			Ok(wilson_lower_bound(share, audits, z).float())
		},
	),
];

fn game(of: &Arguments) -> Result<Game> {
	Ok(Game::unit(of.decimal("rho")?, of.decimal("stake")?))
}

/// By bisection: the larger the curvature, the less splitting gains.
fn knee(of: &Arguments) -> Result<f64> {
	let stake = of.decimal("stake")?;
	let second_bid = 1.0 / (1.0 + stake.float());
	let (mut low, mut high) = (1.01, 4.0);
	while high - low > 1e-3 {
		let middle = (low + high) / 2.0;
		let rate = least_rate(&Game::unit(FixedU128::from_float(middle), stake)).rate;
		if rate.float() > second_bid * (1.0 + 1e-9) {
			low = middle;
		} else {
			high = middle;
		}
	}
	Ok(high)
}

fn least(of: &Arguments) -> Result<Perquintill> {
	Ok(least_rate(&game(of)?).rate)
}

fn best(of: &Arguments) -> Result<utility::Sizes> {
	utility::sizes(&game(of)?, of.probability("rate")?, &[], &[])
}

fn best_size(of: &Arguments) -> Result<(u32, f64)> {
	utility::best_identities(&game(of)?, of.probability("rate")?, of.integer("split")?)
}

fn concentration(of: &Arguments) -> Result<Concentration> {
	let stake = if of.has("stake") { of.float("stake")? } else { 0.0 };
	Concentration::new(of.integer("identities")?, of.float("expected")?, of.float("rate")?, stake)
}
