mod costs;
mod deterrence;
mod networks;
mod refusals;

use super::{search, Found, Wish};
use crate::{Progress, Values};
use capacity_economics::{FixedU128, Perquintill};

fn values(text: &str) -> Vec<FixedU128> {
	text.parse::<Values>().unwrap().all().to_vec()
}

fn shares(text: &str) -> Vec<Perquintill> {
	text.parse::<Values>().unwrap().probabilities().unwrap()
}

/// Few candidates, so that many wishes can be tried.
fn quick() -> Wish {
	Wish {
		curvatures: values("1.5,2,3"),
		stakes: values("1..300x7"),
		probabilities: shares("0.01..1x9"),
		thresholds: values("1"),
		proof_bytes: Some(8_000.0),
		byte_price: 1e-6,
		most_proofs: None,
		..Wish::default()
	}
}

fn find(wish: &Wish) -> Found {
	search(wish, Progress::Hidden).unwrap()
}

fn refusal(wish: &Wish) -> String {
	match search(wish, Progress::Hidden) {
		Ok(_) => panic!("the wish cannot be met"),
		Err(error) => error.to_string(),
	}
}
