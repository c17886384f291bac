use crate::common::{alone, only_relays, until};
use anyhow::Result;
use capacity_oracle_localnet::{dev_key, Ledger, Load, Network, Plan, Sealing};
use capacity_protocol::RelayTerms;
use std::slice::from_ref;

const REQUESTS: u64 = 200;

#[tokio::test]
async fn who_claims_more_than_it_served_is_not_paid_and_slashed() -> Result<()> {
	let _alone = alone().await;
	let mut network = Network::builder().sealing(Sealing::every(150)).start().await?;
	let terms = only_relays(&network, |usual| RelayTerms {
		price: 100 * usual.price,
		// Every claim must be proven.
		threshold: 100 * usual.price,
		..usual
	})
	.await?;
	let plan = Plan::liar("Charlie", 1_000, "pads=2.0").with_stake("200").serving();
	let charlie = plan.account()?;
	let mut ledger =
		Ledger::with_applications(network.chain(), from_ref(&plan), &["Ferdie"]).await?;
	network.add(plan)?;
	network.tell_application("Ferdie", &["deposit", "1000"]).await?;

	let sent = network.load("Ferdie", &Load::new("system_health", REQUESTS))?.finish().await?;
	assert_eq!((sent.answered, sent.unanswered), (REQUESTS, 0), "{sent:?}");
	ledger.catch_up().await?;
	let last = ledger.books().session;
	until(&mut network, &mut ledger, "all is settled", |ledger| ledger.books().is_settled(last))
		.await?;

	let standing = ledger.standing(&charlie).await?;
	let relays = standing.entry.relays;
	assert_eq!(relays.claimed, 2 * sent.by(&charlie).answered, "it claims twice what it served");
	assert_eq!((relays.required, relays.proven), (relays.claims, 0));
	assert_eq!(
		(relays.settled, relays.paid, relays.forfeited),
		(0, 0, terms.worth(relays.claimed))
	);
	// All are above the threshold: what outweighs the mean of escapes for each, and their own worth.
	let escapes = terms.stake() - terms.threshold;
	assert_eq!(relays.slashed, escapes * u128::from(relays.claims) + relays.forfeited);
	assert!(standing.gain < 0, "{standing:?}");
	let ferdie = dev_key("Ferdie")?.public_key().to_account_id();
	let application = ledger.standing(&ferdie).await?.entry.deposits;
	assert_eq!((application.charged, application.left()), (0, application.deposited));
	ledger.check().await
}
