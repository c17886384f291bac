//! An application and three suppliers that serve it, two of which claim more than they served: one plainly,
//! one hidden among requests that it has made itself.

mod outcome;
mod watch;

use super::outcome::{money, verdict};
use crate::{
	text::{exact, percent, thousands},
	Ledger, Network, Plan, OWNER, SERVICE,
};
use anyhow::{Context, Result};
use capacity_oracle_client::{Call, Token};
use capacity_protocol::{
	method_id, Balance, Confidence, MethodPrice, PenaltyBasis, Policy, PriceList, RelayTerms,
	SessionIndex, StandardWork, Units,
};
use outcome::End;
use sp_arithmetic::Perquintill;
use sum_trie::Blake2b256;
use watch::Watch;

/// What the application asks the node for, and what that weighs, in compute units.
const METHODS: [(&str, u32); 3] =
	[("system_health", 1), ("chain_getHeader", 2), ("state_getRuntimeVersion", 4)];

/// Who sends requests.
const APPLICATION: &str = "Ferdie";
/// What it puts on deposit, and what of that it pays in one session at the most, in coins.
const DEPOSIT: &str = "2000";
const LIMIT: &str = "200";

/// What each supplier bids.
const BID: Units = 1_000;
/// How many times what it served the one who lies plainly claims.
const PADDING: &str = "2.0";
/// How many times what it served the one who dilutes adds of its own application. Of a tenth that it makes
/// up, one thirty-first of the claim is left then.
const DILUTION: &str = "2.0";
/// What that application has on deposit, and what of it it pays in a session, in coins: next to nothing of
/// what it asks for.
const OWN_DEPOSIT: &str = "1";
const OWN_LIMIT: &str = "0.01";
/// So many claims at the threshold can be forfeited before the stake is too small.
const FAILURES: Balance = 8;

/// One of the suppliers.
pub struct Actor {
	pub plan: Plan,
	pub honest: bool,
	/// Whether it has an application of its own.
	pub dilutes: bool,
	/// What it does, in words.
	pub strategy: &'static str,
}

/// Shows an application and the suppliers that serve it, a line per session, and what each has gained,
/// paid or lost in the end. Returns whether it came out as it should.
pub async fn show(mut network: Network, sessions: SessionIndex) -> Result<bool> {
	let chain = network.chain().clone();
	let token = chain.token().await?;
	let usual = network.policy().await?;
	let terms = terms(usual.relays.context("the service has no relays")?);
	let policy = policy(usual, terms);
	// Without audits truth is not best for those who only bid.
	network.administer(Call::set_policy(SERVICE, &policy, true)).await?;
	introduce(&terms, &token);

	let actors = actors(&policy, &terms, &token);
	for Actor { plan, strategy, dilutes, .. } in &actors {
		println!("{:<9} serves requests; {strategy}", plan.path());
		if *dilutes {
			// Before its agent uses the same account.
			let own = ["deposit", OWN_DEPOSIT, "--limit", OWN_LIMIT];
			network.tell_application(&plan.name, &own).await?;
		}
		network.add(plan.clone())?;
	}
	network.tell_application(APPLICATION, &["deposit", DEPOSIT, "--limit", LIMIT]).await?;
	println!("{:<9} deposits {DEPOSIT} {} and asks\n", format!("//{APPLICATION}"), token.symbol);

	let plans: Vec<_> = actors.iter().map(|actor| actor.plan.clone()).collect();
	let mut ledger = Ledger::with_applications(&chain, &plans, &[APPLICATION]).await?;
	let liars = actors.iter().filter(|actor| !actor.honest).map(|actor| actor.plan.account());
	let mut watch = Watch::new(liars.collect::<Result<_>>()?, token.clone());
	watch.requests(&mut network, &mut ledger, sessions).await?;
	network.stop_suppliers().await;
	ledger.catch_up().await?;

	let mut ends = Vec::new();
	for actor in &actors {
		let who = actor.plan.account()?;
		ends.push(End {
			actor,
			standing: ledger.standing(&who).await?,
			served: watch.served(&who),
		});
	}
	let application = crate::dev_key(APPLICATION)?.public_key().to_account_id();
	let application = ledger.standing(&application).await?;
	println!("\n{}", outcome::table(&ends, &token));
	println!("{}", outcome::application(APPLICATION, &application, watch.sent(), &ends, &token));
	println!("{}", outcome::shares(OWNER, &ledger.books().pot, &token));
	println!("{}\n", money(ledger.books(), ledger.genesis(), ledger.issuance().await?, &token));
	let objections = outcome::objections(&ends, &application, &terms, ledger.check().await);
	println!("{}", verdict(&objections));
	Ok(objections.is_empty())
}

/// Half of all claims must be proven, and a padded one that is caught costs more than several that are
/// not have brought.
fn terms(usual: RelayTerms) -> RelayTerms {
	RelayTerms {
		// All suppliers are drawn in nearly every session.
		suppliers: 12,
		price: usual.price.saturating_mul(5),
		prices: prices(),
		threshold: usual.threshold.saturating_mul(4),
		probability: Perquintill::from_percent(50),
		penalty: PenaltyBasis::Worth,
		confidence: Confidence::Quantile(Perquintill::from_percent(95)),
		..usual
	}
}

fn prices() -> PriceList {
	let mut prices = PriceList::flat(1);
	for (price, (method, units)) in prices.methods.iter_mut().zip(METHODS) {
		*price = MethodPrice { method: method_id::<Blake2b256>(method), units };
	}
	prices
}

/// No audits, so that there is nothing to see but relays.
fn policy(usual: Policy<StandardWork>, terms: RelayTerms) -> Policy<StandardWork> {
	Policy {
		audit_rate: Perquintill::zero(),
		reference: BID,
		minimum_bid: BID,
		relays: Some(terms),
		..usual
	}
}

fn actors(policy: &Policy<StandardWork>, terms: &RelayTerms, token: &Token) -> [Actor; 3] {
	let stake = policy.stake(BID).saturating_add(terms.stake().saturating_mul(FAILURES));
	let actor = |plan: Plan, honest, strategy| {
		let plan = plan.serving().with_stake(&exact(stake, token));
		Actor { plan, honest, dilutes: false, strategy }
	};
	let (pads, dilutes) = (format!("pads={PADDING}"), format!("dilutes={DILUTION}"));
	[
		actor(Plan::honest("Bob", BID), true, "claims what it served"),
		actor(Plan::liar("Charlie", BID, &pads), false, "claims twice what it served"),
		Actor {
			dilutes: true,
			..actor(Plan::liar("Dave", BID, &dilutes), false, "hides lies among its own")
		},
	]
}

fn introduce(terms: &RelayTerms, token: &Token) {
	let methods = METHODS.map(|(method, units)| format!("{method} {units}")).join(", ");
	let penalty = terms.penalty(terms.price, terms.threshold, terms.probability);
	println!(
		"An application has requests answered by the chain's own node, through suppliers, and pays them\n\
		 for each session: {} for a compute unit. What it asks for, and the units of it:\n{methods}.\n\n\
		 A claim must be proven with a probability of {}. Whoever does not prove what it must is not\n\
		 paid for it, and is slashed {} times as much.\n",
		token.show(terms.price),
		percent(terms.probability),
		thousands(penalty.checked_div(terms.price).unwrap_or(0)),
	);
}
