//! Requests straight through the library.

use crate::{
	fake::Behaviour,
	world::{hasty, patient, result, World, PLENTY},
};
use capacity_oracle_application::{
	rpc::Question, Failure, Manner, Notice, Payable, Reason, Unanswered, Wrong,
};
use serde_json::json;

#[tokio::test]
async fn a_request_is_served_as_it_was_written() {
	let world = World::start(1, patient(), PLENTY).await;
	let text = "{ \"id\" :\"a\\u0062\", \"method\" : \"dear\",\"params\":[1.50]}";
	// The supplier refuses a request whose bytes are not those that were signed.
	let answer = world.relayer.ask(&Question::read(text.into()).unwrap()).await.unwrap();
	assert_eq!(answer.supplier, world.account(0));
	assert_eq!((answer.session, answer.units, answer.worth), (7, 25, 50));
	let params: serde_json::Value = serde_json::from_str("[1.50]").unwrap();
	assert_eq!(result(&answer), params);
	assert_eq!(world.asked(), 25);
}

#[tokio::test]
async fn an_answer_may_be_an_error_of_the_backend() {
	let world = World::start(1, patient(), PLENTY).await;
	let answer = world.ask("fails").await.unwrap();
	assert!(std::str::from_utf8(&answer.body).unwrap().contains("\"code\":3"));
}

/// What one supplier does, another makes good.
async fn another_answers(behaviour: Behaviour) -> Failure {
	let hangs = behaviour == Behaviour::Hang;
	let world = World::start(2, if hangs { hasty() } else { patient() }, PLENTY).await;
	world.behave(0, behaviour);
	// Whoever has not answered yet is asked first or second.
	for _ in 0..2 {
		let answer = world.ask("reads").await.unwrap();
		assert_eq!(answer.supplier, world.account(1));
		assert_eq!(result(&answer), json!(["x", 1]));
		if let [failed] = &answer.failures[..] {
			assert_eq!(failed.supplier, world.account(0));
			return failed.failure.clone();
		}
	}
	panic!("nobody asked the supplier that does {behaviour:?}");
}

#[tokio::test]
async fn whatever_a_supplier_does_another_is_asked() {
	let wrong = |wrong| Failure::Wrong(wrong);
	assert_eq!(another_answers(Behaviour::WrongSignature).await, wrong(Wrong::Signature));
	assert_eq!(another_answers(Behaviour::Unsigned).await, wrong(Wrong::NotSigned));
	assert_eq!(another_answers(Behaviour::WrongId).await, wrong(Wrong::OtherId));
	for behaviour in [Behaviour::Hang, Behaviour::Fail, Behaviour::Redirect, Behaviour::Flood] {
		let failure = another_answers(behaviour).await;
		assert!(matches!(failure, Failure::Lost(_)), "{behaviour:?}: {failure}");
	}
	for code in [
		"bad-request",
		"not-signed",
		"not-assigned",
		"wrong-session",
		"already-served",
		"cannot-pay",
		"busy",
		"backend",
		"unsupported",
	] {
		assert_eq!(another_answers(Behaviour::Refuse(code)).await.kind(), code);
	}
}

#[tokio::test]
async fn whoever_gave_a_wrong_answer_is_not_asked_while_others_are_there() {
	let world = World::start(2, patient(), PLENTY).await;
	world.behave(0, Behaviour::WrongSignature);
	for _ in 0..50 {
		world.ask("reads").await.unwrap();
	}
	assert_eq!(world.seen(), [1, 50]);
	let bad = world.account(0);
	let noticed = |n: &Notice| matches!(n, Notice::Misbehaved { supplier, .. } if *supplier == bad);
	assert_eq!(world.noticed(noticed), 1);
}

#[tokio::test]
async fn an_endpoint_where_nobody_answers_costs_nothing() {
	let mut world = World::start(2, patient(), PLENTY).await;
	world.fakes[0].url = "http://127.0.0.1:1".into();
	world.begin(8).await;
	for _ in 0..20 {
		assert_eq!(world.ask("submit_it").await.unwrap().supplier, world.account(1));
	}
	assert_eq!(world.asked(), 20 * 10);
	assert!(world.noticed(|notice| matches!(notice, Notice::Resting { .. })) > 0);
}

#[tokio::test]
async fn what_writes_is_not_repeated_once_it_may_have_been_done() {
	for behaviour in [Behaviour::Hang, Behaviour::Fail, Behaviour::WrongSignature] {
		let world = World::start(2, hasty(), PLENTY).await;
		world.all_behave(behaviour);
		let unanswered = world.ask("eth_sendRawTransaction").await.unwrap_err();
		assert_eq!(unanswered.reason, Reason::MaybeDone, "{behaviour:?}");
		assert_eq!(world.seen().iter().sum::<usize>(), 1);
	}
}

#[tokio::test]
async fn what_writes_is_repeated_after_a_refusal() {
	let world = World::start(2, patient(), PLENTY).await;
	world.behave(0, Behaviour::Refuse("unsupported"));
	for _ in 0..20 {
		let answer = world.ask("author_submitExtrinsic").await.unwrap();
		assert_eq!(answer.supplier, world.account(1));
	}
	assert!(world.seen()[0] > 0);
	let world = World::start(1, patient(), PLENTY).await;
	world.behave(0, Behaviour::Refuse("backend"));
	let unanswered = world.ask("author_submitExtrinsic").await.unwrap_err();
	assert_eq!(unanswered.reason, Reason::MaybeDone, "the backend may have it");
}

#[tokio::test]
async fn no_more_suppliers_are_tried_than_wanted() {
	let world = World::start(3, Manner { attempts: 2, ..patient() }, PLENTY).await;
	world.all_behave(Behaviour::Fail);
	let unanswered = world.ask("reads").await.unwrap_err();
	assert_eq!((unanswered.reason, unanswered.failures.len()), (Reason::NoAnswer, 2));
	assert_eq!(world.seen().iter().sum::<usize>(), 2);
}

#[tokio::test]
async fn each_attempt_is_a_request_of_its_own() {
	let world = World::start(3, patient(), PLENTY).await;
	world.all_behave(Behaviour::Fail);
	world.ask("reads").await.unwrap_err();
	let seen: Vec<_> = world.fakes.iter().flat_map(|fake| fake.seen()).collect();
	assert_eq!(seen.len(), 3);
	assert!(seen.iter().all(|one| {
		seen.iter().filter(|other| other.request.nonce == one.request.nonce).count() == 1
	}));
	assert_eq!(world.asked(), 30, "any of them may be claimed");
}

#[tokio::test]
async fn no_more_is_asked_for_than_can_be_paid() {
	let payable = Payable { total: 55, part: 20, claimed: 0 };
	let world = World::start(2, patient(), payable).await;
	for _ in 0..5 {
		world.ask("reads").await.unwrap();
	}
	for _ in 0..2 {
		let Unanswered { reason, failures } = world.ask("reads").await.unwrap_err();
		assert_eq!(reason, Reason::CannotPay { session: 7 });
		assert!(failures.is_empty());
	}
	assert_eq!(world.seen().iter().sum::<usize>(), 5);
	assert_eq!(world.noticed(|notice| matches!(notice, Notice::Spent { session: 7 })), 1);
	world.begin(8).await;
	world.ask("reads").await.unwrap();
}

#[tokio::test]
async fn parts_are_used_before_what_lies_beyond_them() {
	let world = World::start(2, patient(), Payable { total: 200, part: 50, claimed: 0 }).await;
	for _ in 0..10 {
		world.ask("reads").await.unwrap();
	}
	assert_eq!(world.seen(), [5, 5], "to each its part");
	world.ask("reads").await.unwrap();
	assert_eq!(world.asked(), 110);
}

#[tokio::test]
async fn whoever_would_not_be_paid_is_left_alone_for_the_session() {
	let world = World::start(2, patient(), PLENTY).await;
	world.behave(0, Behaviour::Refuse("cannot-pay"));
	for _ in 0..50 {
		world.ask("reads").await.unwrap();
	}
	assert_eq!(world.seen(), [1, 50]);
	assert_eq!(world.asked(), 500, "what was refused is not spent");
	world.behave(0, Behaviour::Honest);
	world.begin(8).await;
	for _ in 0..50 {
		world.ask("reads").await.unwrap();
	}
	assert!(world.seen()[0] > 1);
}

#[tokio::test]
async fn a_supplier_that_is_a_block_behind_is_asked_again_a_moment_later() {
	let world = World::start(1, patient(), PLENTY).await;
	world.behave(0, Behaviour::RefuseFirst("wrong-session", 3));
	let answer = world.ask("reads").await.unwrap();
	assert_eq!(world.seen(), [4]);
	assert_eq!((answer.supplier, world.asked()), (world.account(0), 10));
}

#[tokio::test]
async fn a_request_that_is_under_way_keeps_its_session() {
	let world = World::start(1, patient(), PLENTY).await;
	world.behave(0, Behaviour::Slow(300));
	let (before, ()) = tokio::join!(world.ask("reads"), async {
		while world.seen() == [0] {
			tokio::task::yield_now().await;
		}
		world.begin(8).await;
	});
	let after = world.ask("reads").await.unwrap();
	assert_eq!((before.unwrap().session, after.session), (7, 8));
	let sessions: Vec<_> = world.fakes[0].seen().iter().map(|signed| signed.session).collect();
	assert_eq!(sessions, [7, 8]);
}

#[tokio::test]
async fn two_suppliers_that_differ_are_found_out() {
	let world = World::start(2, Manner { cross_check: 1.0, ..patient() }, PLENTY).await;
	for _ in 0..5 {
		world.ask("reads").await.unwrap();
	}
	world.relayer.compared().await;
	let counters = world.relayer.counters();
	assert_eq!((counters.compared, counters.different), (5, 0));
	assert_eq!(world.seen(), [5, 5]);

	world.behave(1, Behaviour::Lie);
	world.ask("reads").await.unwrap();
	world.relayer.compared().await;
	assert_eq!(world.relayer.counters().different, 1);
	let both = |n: &Notice| match n {
		Notice::Different { one, other, method, session } => {
			let mut both = [*one, *other];
			let mut all = [world.account(0), world.account(1)];
			both.sort();
			all.sort();
			both == all && method == "reads" && *session == 7
		}
		_ => false,
	};
	assert_eq!(world.noticed(both), 1);
}

#[tokio::test]
async fn what_writes_is_never_compared() {
	let world = World::start(2, Manner { cross_check: 1.0, ..patient() }, PLENTY).await;
	world.ask("author_submitExtrinsic").await.unwrap();
	world.relayer.compared().await;
	assert_eq!(world.seen().iter().sum::<usize>(), 1);
}
