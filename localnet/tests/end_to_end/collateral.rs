use crate::common::{alone, only_relays, seal_relays, seal_to_relays, sealing};
use anyhow::Result;
use capacity_oracle_client::Call;
use capacity_oracle_localnet::{Ledger, Load, Network, Plan, Sealing};
use capacity_protocol::{RelayTerms, Schedule};
use std::slice::from_ref;

/// What a claim at the threshold is worth, in requests.
const THRESHOLD: u64 = 100;

/// Proofs take so long that claims of two sessions are open at once.
const SCHEDULE: Schedule =
	Schedule { session: 20, draw: 5, claims: 10, proofs: 25, patience: 60, lookback: Some(2) };

/// Has applications send requests, so many each, all in one session.
async fn send(network: &mut Network, requests: &[(&str, u64)]) -> Result<()> {
	for (name, number) in requests {
		let sent = network.load(name, &Load::new("system_health", *number))?.finish().await?;
		assert_eq!((sent.answered, sent.unanswered), (*number, 0), "{sent:?}");
	}
	Ok(())
}

#[tokio::test]
async fn a_claim_that_stake_cannot_back_is_cut_and_later_ones_are_whole() -> Result<()> {
	let _alone = alone().await;
	let mut network = Network::builder().sealing(Sealing::Manual).start().await?;
	let change =
		|usual: RelayTerms| RelayTerms { threshold: usual.price * u128::from(THRESHOLD), ..usual };
	sealing(&network, only_relays(&network, change)).await?;
	sealing(&network, network.administer(Call::set_schedule(&SCHEDULE))).await?;
	// The least stake backs one claim at the threshold.
	let plan = Plan::honest("Bob", 1_000).serving();
	let bob = plan.account()?;
	let applications = ["Ferdie", "Dave"];
	let mut ledger =
		Ledger::with_applications(network.chain(), from_ref(&plan), &applications).await?;
	network.add(plan)?;
	for name in applications {
		let deposit = network.tell_application(name, &["deposit", "10"]);
		sealing(&network, deposit).await?;
	}

	let first = seal_to_relays(&network, &bob).await?;
	send(&mut network, &[("Ferdie", 50)]).await?;
	let open = |count| move |ledger: &Ledger| ledger.books().open_claims() == count;
	let served = [first, first + 1, first + 3];
	seal_relays(&mut network, &mut ledger, &bob, &served, "it claims half", open(1)).await?;
	assert_eq!(seal_to_relays(&network, &bob).await?, first + 1);
	// Beside the first claim there is room for the smaller one only.
	send(&mut network, &[("Ferdie", 80), ("Dave", 40)]).await?;
	seal_relays(&mut network, &mut ledger, &bob, &served, "it claims the rest", open(2)).await?;
	let both = |ledger: &Ledger| ledger.books().is_settled(first + 1);
	seal_relays(&mut network, &mut ledger, &bob, &served, "both are settled", both).await?;
	assert_eq!(ledger.entry(&bob).relays.settled, 50 + 40);

	// Then all its stake is free again: for claims worth the threshold together.
	while network.chain().clock().await?.session < first + 3 {
		network.seal(1).await?;
	}
	assert_eq!(seal_to_relays(&network, &bob).await?, first + 3);
	send(&mut network, &[("Ferdie", 60), ("Dave", 40)]).await?;
	let all = |ledger: &Ledger| ledger.books().is_settled(first + 3);
	seal_relays(&mut network, &mut ledger, &bob, &served, "all is settled", all).await?;
	let relays = ledger.entry(&bob).relays;
	assert_eq!((relays.claims, relays.settled, relays.slashed), (3, 50 + 40 + 100, 0));
	ledger.check().await
}
