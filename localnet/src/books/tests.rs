use super::*;
use capacity_oracle_client::PALLET;
use serde_json::{json, Value};

fn event(pallet: &str, name: &str, fields: Value) -> Event {
	Event {
		pallet: pallet.into(),
		name: name.into(),
		fields: fields.as_object().unwrap().clone(),
		extrinsic: None,
	}
}

fn account(id: u8) -> AccountId32 {
	AccountId32([id; 32])
}

const POT: u8 = 9;
const OWNER: u8 = 8;

fn books() -> Books {
	Books::new(account(POT), account(OWNER), [account(1), account(2)])
}

fn oracle(name: &str, who: u8, mut fields: Value) -> Event {
	fields["service"] = json!(0);
	fields["session"] = json!(3);
	fields["supplier"] = json!(account(who).to_string());
	event(PALLET, name, fields)
}

fn transfer(from: u8, to: u8, amount: &str) -> Event {
	let (from, to) = (account(from).to_string(), account(to).to_string());
	event("Balances", "Transfer", json!({"from": from, "to": to, "amount": amount}))
}

fn forced(reason: &str, from: u8, to: u8, amount: &str) -> Event {
	let (from, to) = (account(from).to_string(), account(to).to_string());
	let reason = json!({PALLET: reason});
	let fields = json!({"reason": reason, "source": from, "dest": to, "amount": amount});
	event("Balances", "TransferOnHold", fields)
}

fn claimed(who: u8, worth: &str) -> Event {
	oracle("Claimed", who, json!({"units": 30, "worth": worth, "at_risk": "7"}))
}

/// A claim of 1 that 2 pays, as the chain says it.
fn relays_paid() -> [Event; 4] {
	[
		forced("Deposit", 2, POT, "100"),
		transfer(POT, OWNER, "10"),
		transfer(POT, 1, "85"),
		oracle(
			"RelaysPaid",
			1,
			json!({"units": 50, "worth": "100", "paid": "100", "earned": "85"}),
		),
	]
}

fn deposited(amount: &str) -> Event {
	let fields = json!({"service": 0, "application": 4, "account": account(2).to_string(),
		"amount": amount, "deposit": amount, "limit": "1"});
	event(PALLET, "Deposited", fields)
}

#[test]
fn an_honest_audit_is_entered_once() {
	let mut books = books();
	books.enter(&[oracle("BidPlaced", 1, json!({"from": 2, "units": 20, "stake": "100"}))]);
	books.enter(&[oracle("AuditAssigned", 1, json!({"units": 20}))]);
	assert_eq!(books.open_audits(), 1);
	books.enter(&[
		transfer(POT, 1, "40"),
		oracle("AuditPaid", 1, json!({"units": 20, "payment": "40"})),
	]);
	assert_eq!(books.open_audits(), 0);
	let entry = &books.entries[&account(1)];
	assert_eq!((entry.bid, entry.from, entry.drawn, entry.fulfilled), (20, Some(2), 1, 1));
	assert_eq!((entry.paid, entry.received, entry.gain()), (40, 0, 40));
	assert_eq!(books.entries[&account(2)], Entry::default());
}

#[test]
fn a_failed_audit_costs_one_and_rewards_who_settled_it() {
	let mut books = books();
	books.enter(&[
		oracle("AuditAssigned", 1, json!({"units": 20})),
		forced("Stake", 1, 2, "10"),
		forced("Stake", 1, POT, "90"),
		oracle("AuditFailed", 1, json!({"units": 20, "delivered": 5, "slashed": "100"})),
		oracle("BidSuspended", 1, json!({"from": 4, "stake": "0"})),
	]);
	let entry = &books.entries[&account(1)];
	assert_eq!((entry.failed, entry.delivered, entry.allocated), (1, 5, 20));
	assert_eq!((entry.slashed, entry.gain(), entry.suspended), (100, -100, 1));
	assert_eq!(books.entries[&account(2)].gain(), 10);
	assert_eq!(books.open_audits(), 0);
	assert_eq!(books.pot.check(90).map_err(drop), Ok(()));
}

#[test]
fn what_applications_pay_is_shared_by_supplier_owner_and_pot() {
	let mut books = books();
	books.enter(&[deposited("400")]);
	books.enter(&[claimed(1, "90")]);
	books.enter(&[claimed(1, "100")]);
	assert_eq!(books.open_claims(), 1, "the second takes the place of the first");
	assert_eq!(books.open_worth(&account(1)), 100);
	books.enter(&relays_paid());
	assert_eq!(books.open_claims(), 0);

	let (supplier, application) = (&books.entries[&account(1)], &books.entries[&account(2)]);
	let record =
		RelayRecord { claims: 1, claimed: 50, settled: 50, paid: 100, ..Default::default() };
	assert_eq!((supplier.relays, supplier.earned, supplier.gain()), (record, 85, 85));
	let deposits = Deposits { index: Some(4), deposited: 400, charged: 100, reclaimed: 0 };
	assert_eq!((application.deposits, application.gain()), (deposits, -100));
	assert_eq!((deposits.left(), books.owners_share(), books.pot.kept()), (300, 10, 5));
	assert_eq!((books.gain(&account(OWNER)), books.relays().paid), (10, 100));
	assert_eq!(books.pot.check(5).map_err(drop), Ok(()));
}

#[test]
fn an_owner_that_supplies_gets_its_share_and_its_pay() {
	let mut books = books();
	books.enter(&[
		forced("Deposit", 2, POT, "100"),
		transfer(POT, OWNER, "10"),
		transfer(POT, OWNER, "85"),
		oracle(
			"RelaysPaid",
			OWNER,
			json!({"units": 50, "worth": "100", "paid": "100", "earned": "85"}),
		),
	]);
	assert_eq!((books.owners_share(), books.gain(&account(OWNER))), (10, 95));
}

#[test]
fn a_claim_that_was_proven_had_to_be() {
	let mut books = books();
	books.enter(&[claimed(1, "100"), oracle("Proven", 1, json!({"units": 50}))]);
	books.enter(&relays_paid());
	let record = books.entries[&account(1)].relays;
	assert_eq!((record.claims, record.required, record.proven), (1, 1, 1));
}

#[test]
fn a_forfeited_claim_costs_its_penalty_and_nobody_pays() {
	let mut books = books();
	books.enter(&[claimed(1, "100")]);
	books.enter(&[
		forced("Stake", 1, POT, "900"),
		oracle(
			"ClaimForfeited",
			1,
			json!({"units": 50, "worth": "100", "slashed": "900", "settler": null}),
		),
	]);
	let entry = &books.entries[&account(1)];
	let record = RelayRecord {
		claims: 1,
		required: 1,
		claimed: 50,
		forfeited: 100,
		slashed: 900,
		..RelayRecord::default()
	};
	assert_eq!((entry.relays, entry.slashed, entry.gain()), (record, 0, -900));
	assert_eq!(books.open_claims(), 0);
	assert_eq!(books.pot.check(900).map_err(drop), Ok(()));
}

#[test]
fn a_claim_without_applications_or_taken_back_is_none_of_theirs() {
	let mut books = books();
	books.enter(&[claimed(1, "0"), claimed(2, "5")]);
	assert_eq!(books.open_claims(), 1);
	books.enter(&[oracle("ClaimWithdrawn", 2, json!({}))]);
	assert_eq!(books.open_claims(), 0);
}

#[test]
fn a_deposit_that_was_taken_back_is_gone() {
	let mut books = books();
	books.enter(&[deposited("400"), forced("Deposit", 2, POT, "100")]);
	let fields = json!({"application": 4, "account": account(2).to_string(), "amount": "300"});
	books.enter(&[event(PALLET, "DepositReclaimed", fields)]);
	assert_eq!(books.entries[&account(2)].deposits.left(), 0);
}

#[test]
fn fees_are_burnt_and_belong_to_who_paid_them() {
	let mut books = books();
	let fee = |who: u8, amount: &str| {
		let who = account(who).to_string();
		let fields = json!({"who": who, "actual_fee": amount, "tip": "0"});
		[
			event("Balances", "BurnedDebt", json!({"amount": amount})),
			event("TransactionPayment", "TransactionFeePaid", fields),
		]
	};
	books.enter(&fee(1, "7"));
	books.enter(&fee(5, "3"));
	assert_eq!((books.fees, books.burnt, books.minted), (10, 10, 0));
	assert_eq!(books.entries[&account(1)].gain(), -7);
	assert_eq!(books.issuance(1_000), 990);
}

#[test]
fn what_is_minted_is_there() {
	let mut books = books();
	books.enter(&[event("Balances", "Minted", json!({"who": "x", "amount": "5"}))]);
	books.enter(&[event("Balances", "Burned", json!({"who": "x", "amount": "2"}))]);
	assert_eq!(books.issuance(100), 103);
}

#[test]
fn transfers_among_people_are_no_pay() {
	let mut books = books();
	books.enter(&[transfer(1, 2, "30"), transfer(5, 1, "4"), transfer(2, POT, "3")]);
	assert_eq!(books.entries[&account(1)].gain(), -26);
	assert_eq!(books.entries[&account(2)].gain(), 27);
	assert_eq!(books.pot.check(3).map_err(drop), Ok(()));
}

/// Paid for an audit and for relays, with a fee, all of which is found.
fn balanced() -> (Books, Found) {
	let mut books = books();
	let one = account(1).to_string();
	books.enter(&[
		event("Balances", "BurnedDebt", json!({"amount": "7"})),
		event(
			"TransactionPayment",
			"TransactionFeePaid",
			json!({"who": one, "actual_fee": "7", "tip": "0"}),
		),
		oracle("AuditPaid", 1, json!({"units": 20, "payment": "40"})),
		deposited("400"),
	]);
	books.enter(&relays_paid());
	let gains = [(account(1), 118), (account(2), -100), (account(OWNER), 10)];
	let deposits = BTreeMap::from([(account(2), 300)]);
	(books, Found { issuance: 993, pot: -35, gains: gains.into(), deposits })
}

#[test]
fn books_balance_to_the_last_unit_or_not_at_all() {
	let (books, found) = balanced();
	let refused = |books: &Books, found: Found| {
		books.check(1_000, &found).map_err(|error| error.to_string()).unwrap_err()
	};
	let gains = |id: u8, gain: i128| {
		let mut gains = found.gains.clone();
		gains.insert(account(id), gain);
		Found { gains, ..found.clone() }
	};
	assert!(books.check(1_000, &found).is_ok());
	assert!(refused(&books, Found { issuance: 992, ..found.clone() }).contains("make 993"));
	assert!(refused(&books, gains(1, 119)).contains("has gained 119"));
	assert!(refused(&books, gains(2, -99)).contains("has gained -99"));
	assert!(refused(&books, gains(OWNER, 9)).contains("has gained 9"));
	assert!(refused(&books, Found { pot: -34, ..found.clone() }).contains("the pot has gained -34"));
	let deposits = BTreeMap::from([(account(2), 301)]);
	assert!(refused(&books, Found { deposits, ..found.clone() }).contains("has 301 left"));

	let forgiven = Books { burnt: 6, ..books.clone() };
	let error = refused(&forgiven, Found { issuance: 994, ..found.clone() });
	assert!(error.contains("only 6 was burnt"), "{error}");
	let mut more = books.clone();
	more.pot.paid += 1;
	assert!(refused(&more, found.clone()).contains("applications paid 101, but 100 was taken"));
}

#[test]
fn a_void_session_leaves_nothing_open() {
	let mut books = books();
	books.enter(&[oracle("AuditAssigned", 1, json!({"units": 20})), claimed(1, "5")]);
	books.enter(&[event(PALLET, "SessionStarted", json!({"session": 5}))]);
	books.enter(&[event(PALLET, "SessionSettled", json!({"session": 3}))]);
	assert_eq!((books.open_audits(), books.open_claims(), books.session), (0, 0, 5));
	assert!(books.is_settled(3) && books.is_settled(2) && !books.is_settled(4));
}

#[test]
fn differences_have_a_sign() {
	assert_eq!(difference(5, 7), -2);
	assert_eq!(difference(7, 5), 2);
	assert_eq!(difference(0, Balance::MAX), -i128::MAX);
}
