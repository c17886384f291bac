//! Three suppliers, two of which lie, and what becomes of them.

mod outcome;
mod watch;

use super::outcome::{money, verdict};
use crate::{
	text::{exact, percent, thousands},
	Ledger, Network, Plan, SERVICE,
};
use anyhow::Result;
use capacity_oracle_client::{Call, Token};
use capacity_protocol::{Balance, Policy, SessionIndex, StandardWork, Synthetic, Units};
use sp_arithmetic::Perquintill;
use watch::Watch;

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
/// one, one that bids twice what it delivers, and one that bids and stays silent. Returns whether it
/// came out as it should.
pub async fn show(mut network: Network, sessions: SessionIndex) -> Result<bool> {
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
	let mut watch = Watch::new(&plans, token.clone())?;
	watch.sessions(&mut network, &mut ledger, sessions).await?;

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
	println!("{}\n", money(ledger.books(), ledger.genesis(), ledger.issuance().await?, &token));
	let objections = outcome::objections(&ends, ledger.check().await);
	println!("{}", verdict(&objections));
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
		relays: None,
		..usual
	}
}

fn actors(policy: &Policy<StandardWork>, token: &Token) -> [Actor; 3] {
	let actor = |plan: Plan, honest, strategy| {
		let stake = policy.audit_stake(plan.units).saturating_mul(FAILURES);
		Actor { plan: plan.with_stake(&exact(stake, token)), honest, strategy }
	};
	[
		actor(Plan::honest("Bob", HONEST), true, "delivers all of it"),
		actor(Plan::liar("Charlie", OVERBID, "overbid=2.0"), false, "delivers half of it"),
		actor(Plan::liar("Dave", SILENT, "silent"), false, "delivers nothing"),
	]
}
