use crate::common::{alone, only_relays, until};
use anyhow::{Context, Result};
use capacity_oracle_localnet::{dev_key, Ledger, Load, Network, Plan, Sealing, SERVICE};
use capacity_protocol::RelayTerms;
use sp_arithmetic::Perquintill;

const REQUESTS: u64 = 900;

#[tokio::test]
async fn what_two_honest_suppliers_serve_is_what_they_claim_and_what_they_are_paid() -> Result<()> {
	let _alone = alone().await;
	let mut network = Network::builder().sealing(Sealing::every(150)).start().await?;
	let terms = only_relays(&network, |usual| RelayTerms {
		// Both are drawn in nearly every session.
		suppliers: 10,
		price: 10 * usual.price,
		probability: Perquintill::from_percent(50),
		..usual
	})
	.await?;
	let plans = ["Bob", "Charlie"].map(|name| Plan::honest(name, 1_000).serving());
	let mut ledger = Ledger::with_applications(network.chain(), &plans, &["Ferdie"]).await?;
	for plan in &plans {
		network.add(plan.clone())?;
	}
	network.tell_application("Ferdie", &["deposit", "400", "--limit", "100"]).await?;

	// For two sessions and a part of the next.
	let load = Load::new("system_health", REQUESTS).at(130);
	let sent = network.load("Ferdie", &load)?.finish().await?;
	assert_eq!((sent.answered, sent.unanswered), (REQUESTS, 0), "{sent:?}");
	ledger.catch_up().await?;
	let last = ledger.books().session;
	until(&mut network, &mut ledger, "all is settled", |ledger| ledger.books().is_settled(last))
		.await?;

	for plan in &plans {
		let who = plan.account()?;
		let standing = ledger.standing(&who).await?;
		let relays = standing.entry.relays;
		assert!(relays.claims > 1, "{relays:?}");
		assert_eq!((relays.claimed, relays.settled), (sent.by(&who).answered, relays.claimed));
		assert_eq!(relays.paid, terms.worth(relays.claimed));
		assert_eq!((relays.required, relays.slashed), (relays.proven, 0));
		assert_eq!(standing.entry.earned, terms.split(relays.paid).supplier);
		assert!(standing.gain > 0, "what it earned is more than what transactions cost");
	}
	let ferdie = dev_key("Ferdie")?.public_key().to_account_id();
	let application = ledger.standing(&ferdie).await?.entry.deposits;
	assert_eq!(application.charged, terms.worth(REQUESTS));
	let shares = terms.split(application.charged);
	let pot = &ledger.books().pot;
	assert_eq!(
		(pot.to_owner(), pot.kept(), pot.earned),
		(shares.owner, shares.pot, shares.supplier)
	);
	ledger.check().await?;

	let report = network.chain().report(SERVICE).await?.context("a report")?;
	assert_eq!((report.relays.settled, report.relays.paid), (REQUESTS, application.charged));
	Ok(())
}
