use crate::common::{alone, only_relays, until};
use anyhow::{ensure, Result};
use capacity_oracle_localnet::{dev_key, Ledger, Load, Network, Plan, Sealing};
use capacity_protocol::RelayTerms;
use std::slice::from_ref;

/// Requests of one session or two, and how often they are sent before it must have been caught: each claim
/// is, by three chances in four.
const REQUESTS: u64 = 200;
const ROUNDS: u32 = 12;

#[tokio::test]
async fn who_hides_what_it_made_up_among_requests_of_its_own_is_caught_and_slashed() -> Result<()> {
	let _alone = alone().await;
	let mut network = Network::builder().sealing(Sealing::every(150)).start().await?;
	only_relays(&network, |usual| RelayTerms {
		price: 100 * usual.price,
		// Every claim must be proven.
		threshold: 100 * usual.price,
		..usual
	})
	.await?;
	let plan = Plan::liar("Dave", 1_000, "dilutes=0.1").with_stake("500").serving();
	let dave = plan.account()?;
	let mut ledger =
		Ledger::with_applications(network.chain(), from_ref(&plan), &["Ferdie"]).await?;
	// Its own application cannot pay for what it asks.
	network.tell_application("Dave", &["deposit", "1", "--limit", "0.01"]).await?;
	network.add(plan)?;
	network.tell_application("Ferdie", &["deposit", "2000", "--limit", "200"]).await?;

	let mut served = 0;
	for round in 1.. {
		let load = Load::new("system_health", REQUESTS).at(100);
		let sent = network.load("Ferdie", &load)?.finish().await?;
		assert_eq!((sent.answered, sent.unanswered), (REQUESTS, 0), "{sent:?}");
		served += REQUESTS;
		ledger.catch_up().await?;
		let last = ledger.books().session;
		until(&mut network, &mut ledger, "it is settled", |ledger| ledger.books().is_settled(last))
			.await?;
		if ledger.entry(&dave).relays.forfeited > 0 {
			break;
		}
		ensure!(round < ROUNDS, "never caught: {:?}", ledger.entry(&dave));
	}

	let standing = ledger.standing(&dave).await?;
	let relays = standing.entry.relays;
	assert!(relays.claimed > served + served / 10, "its own requests are in it as well");
	assert_eq!(relays.required, relays.claims);
	assert!(relays.slashed > relays.forfeited && standing.gain < 0, "{standing:?}");
	let ferdie = dev_key("Ferdie")?.public_key().to_account_id();
	let charged = ledger.standing(&ferdie).await?.entry.deposits.charged;
	assert_eq!(charged + standing.entry.deposits.charged, relays.paid);
	ledger.check().await
}
