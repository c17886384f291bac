//! Three suppliers, two of which lie, and what becomes of them.

use super::{outcome, watch::Watch};
use crate::{
	text::{exact, percent, thousands},
	Ledger, Network, Plan, Sealing, SERVICE,
};
use anyhow::{bail, Result};
use capacity_oracle_client::{Call, Token};
use capacity_protocol::{Balance, Policy, SessionIndex, StandardWork, Synthetic, Units};
use sp_arithmetic::Perquintill;
use std::path::PathBuf;

/// Bids of the three. The one that bids too much delivers half of it.
const HONEST: Units = 2_000;
const OVERBID: Units = 3_000;
const SILENT: Units = 1_000;
/// What they can really do together.
const CAPACITY: Units = HONEST + OVERBID / 2;
/// Hashes that make up a unit: few, so that slow machines deliver in time as well.
const STEPS: u32 = 500;

/// So many failures are backed by the stake that each of them brings.
const FAILURES: Balance = 3;

/// One of the three.
pub struct Actor {
	pub plan: Plan,
	pub honest: bool,
	/// What it does, in words.
	pub strategy: &'static str,
}

/// Shows three suppliers, a line per session, and what each has gained or lost in the end: an honest
/// one, one that bids twice what it delivers, and one that bids and stays silent.
///
/// Succeeds if the honest one gained, both others lost, and all money is accounted for.
#[derive(Clone, Debug, clap::Args)]
pub struct Demo {
	/// Sessions to watch; more, if not all three were audited by then.
	#[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..))]
	pub sessions: SessionIndex,
	/// A block each so many milliseconds. Suppliers must do their work within some thirty blocks.
	#[arg(long, value_name = "MILLISECONDS", default_value = "200")]
	pub sealing: Sealing,
	/// Where chain, states and logs are kept; if left out they are removed in the end.
	#[arg(long)]
	pub dir: Option<PathBuf>,
}

/// Whether it came out as it should.
pub async fn demo(options: Demo) -> Result<bool> {
	if !matches!(options.sealing, Sealing::Every(_)) {
		bail!(
			"the demonstration needs blocks that come by themselves: give a number of milliseconds"
		);
	}
	println!("Starting a chain with a block each {} ms ...", options.sealing);
	let mut network =
		Network::builder().sealing(options.sealing).dir(options.dir.clone()).start().await?;
	let chain = network.chain().clone();
	let token = chain.token().await?;

	let policy = policy(network.policy().await?);
	network.administer(Call::set_policy(SERVICE, &policy, false)).await?;
	println!(
		"Each session, a bid is audited with a probability of {}: all that it bids must be delivered.\n",
		percent(policy.audit_rate)
	);
	let actors = actors(&policy, &token);
	for Actor { plan, strategy, .. } in &actors {
		println!("{:<9} bids {} units; {strategy}", plan.path(), thousands(plan.units));
		network.add(plan.clone())?;
	}
	println!();

	let plans: Vec<_> = actors.iter().map(|actor| actor.plan.clone()).collect();
	let mut ledger = Ledger::of(&chain, &plans).await?;
	let mut watch = Watch::new(plans.len() as u32, token.clone());
	watch.sessions(&mut network, &mut ledger, options.sessions).await?;

	// From the next session on nobody is drawn; whoever was drawn before still answers.
	let end = Policy { audit_rate: Perquintill::zero(), ..policy };
	network.administer(Call::set_policy(SERVICE, &end, true)).await?;
	println!("\nNobody is drawn any more. Waiting for what is still to be settled ...\n");
	watch.settlement(&mut network, &mut ledger).await?;
	network.stop_suppliers().await;
	ledger.catch_up().await?;

	let mut ends = Vec::new();
	for actor in &actors {
		ends.push((actor, ledger.standing(&actor.plan.account()?).await?));
	}
	println!("\n{}", outcome::table(&ends, &token));
	println!("{}", outcome::capacity(watch.complete(), CAPACITY));
	println!(
		"{}\n",
		outcome::money(ledger.books(), ledger.genesis(), ledger.issuance().await?, &token)
	);
	let objections = outcome::objections(&ends, ledger.check().await);
	println!("{}", outcome::verdict(&objections));
	Ok(objections.is_empty())
}

/// The development chain's policy with smaller bids and more audits.
fn policy(usual: Policy<StandardWork>) -> Policy<StandardWork> {
	Policy {
		work: Synthetic { steps: STEPS }.into(),
		reference: HONEST,
		minimum_bid: SILENT / 2,
		maximum_bid: 2 * HONEST,
		audit_rate: Perquintill::from_percent(50),
		..usual
	}
}

fn actors(policy: &Policy<StandardWork>, token: &Token) -> [Actor; 3] {
	let actor = |plan: Plan, honest, strategy| {
		let stake = policy.stake(plan.units).saturating_mul(FAILURES);
		Actor { plan: plan.with_stake(&exact(stake, token)), honest, strategy }
	};
	[
		actor(Plan::honest("Bob", HONEST), true, "delivers all of it"),
		actor(Plan::liar("Charlie", OVERBID, "overbid=2.0"), false, "delivers half of it"),
		actor(Plan::liar("Dave", SILENT, "silent"), false, "delivers nothing"),
	]
}
