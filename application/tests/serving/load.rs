//! The load generator.

use crate::{
	fake::Behaviour,
	world::{patient, World, PLENTY},
};
use capacity_oracle_application::{
	load::{load, Measured, Plan},
	rpc::Question,
	Payable,
};
use indicatif::ProgressBar;
use serde_json::json;
use std::future::pending;

async fn measured(world: &World, requests: u64) -> Measured {
	let question = Question::new("reads", &json!([]));
	let plan = Plan { requests, concurrency: 8, rate: None, question };
	load(world.relayer.clone(), plan, ProgressBar::hidden(), pending()).await.unwrap()
}

#[tokio::test]
async fn every_request_is_made_once_and_every_supplier_has_its_line() {
	let world = World::start(3, patient(), PLENTY).await;
	let said = measured(&world, 200).await.to_json();
	assert_eq!((&said["answered"], &said["unanswered"]), (&json!(200), &json!(0)));
	assert_eq!((&said["units"], &said["spent"]), (&json!(2_000), &json!("4000")));
	let suppliers = said["suppliers"].as_array().unwrap();
	for fake in &world.fakes {
		let line = suppliers.iter().find(|line| line["supplier"] == fake.account.to_string());
		assert_eq!(line.unwrap()["answered"], fake.seen().len());
	}
	assert_eq!(world.seen().iter().sum::<usize>(), 200);
}

#[tokio::test]
async fn what_fails_is_told_by_supplier_and_kind() {
	let world = World::start(2, patient(), PLENTY).await;
	world.behave(0, Behaviour::WrongId);
	let said = measured(&world, 100).await.to_json();
	assert_eq!(said["answered"], 100);
	let bad = world.account(0).to_string();
	let suppliers = said["suppliers"].as_array().unwrap();
	let line = suppliers.iter().find(|line| line["supplier"] == bad).unwrap();
	assert_eq!(line["failures"]["wrong"], world.seen()[0]);
	assert_eq!(line["answered"], 0);
}

#[tokio::test]
async fn a_load_that_cannot_be_paid_ends() {
	let world = World::start(2, patient(), Payable { total: 300, part: 150, claimed: 0 }).await;
	let said = measured(&world, 1_000_000).await.to_json();
	assert_eq!(said["answered"], 30);
	assert!(said["unanswered_why"].as_str().unwrap().contains("is spent"), "{said}");
}
