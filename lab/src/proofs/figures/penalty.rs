//! The geometric distribution, and the penalty that follows from it.

use super::probability;
use crate::{
	figure::{Axis, Layer, Panel},
	number::Float,
	proofs::{
		geometric as chances,
		penalty::{deterrence, label},
	},
	Figure,
};
use anyhow::Result;
use capacity_economics::{Confidence, FixedU128, Perquintill};

/// Places of a line on a logarithmic axis, from `low` to `high`.
fn places(low: f64, high: f64, count: usize) -> impl Iterator<Item = f64> {
	let ratio = (high / low).ln() / (count as f64 - 1.0);
	(0..count).map(move |step| low * (ratio * step as f64).exp())
}

/// At which claim a series of false claims is caught, exactly there and until then, for some
/// probabilities of a proof. `lab penalty` draws it.
pub fn geometric(probabilities: &[Perquintill]) -> Result<Figure> {
	// Every number of claims up to where all but one in a thousand are caught, thinned out.
	let least = probabilities.iter().map(|p| p.float()).filter(|p| *p > 0.0).fold(1.0, f64::min);
	let last = (7.0 / least).max(20.0);
	let mut claims: Vec<u128> = places(1.0, last, 200).map(|place| place.round() as u128).collect();
	claims.dedup();

	let line = |chance: fn(Perquintill, u128) -> f64| {
		let one = |p: &Perquintill| Layer::Line {
			label: probability(*p),
			points: claims
				.iter()
				.map(|claim| (*claim as f64, chance(*p, claim - 1)))
				.filter(|(_, chance)| *chance > 1e-6)
				.collect(),
		};
		probabilities.iter().map(one).collect::<Vec<_>>()
	};
	let by_the_mean = |p: &Perquintill| -> Result<_> {
		let claims = chances::mean(*p)?.float().floor() + 1.0;
		Ok((claims, chances::caught_by_the_mean(*p)?))
	};
	let means = probabilities.iter().map(by_the_mean).collect::<Result<_>>()?;
	let mut until = line(chances::at_most);
	until.push(Layer::Dots { label: "past the mean, (1−p)/p".into(), points: means });
	let x = || Axis::logarithmic("false claims, the last of which is caught").from(1.0, last);
	Ok(Figure {
		name: "geometric".into(),
		title: "At which false claim a supplier is caught".into(),
		caption:
			"The number of false claims before one is drawn for proof is geometric. Left: the \
		          chance that exactly this claim is the first that is drawn. Right: the chance that \
		          one is drawn by then, with the dots where the mean is passed: 63 % for small p, \
		          more for larger. Made by `lab penalty`."
				.into(),
		panels: vec![
			Panel {
				title: "this one".into(),
				x: x(),
				y: Axis::logarithmic("probability").from(1e-5, 1.0),
				layers: line(chances::exactly),
			},
			Panel {
				title: "this one or one before".into(),
				x: x(),
				y: Axis::linear("probability").from(0.0, 1.0),
				layers: until,
			},
		],
	})
}

/// The penalty against the probability of a proof, for claims worth `reward` tokens, by some
/// confidences. The `choices` are marked on the first of them. `lab penalty` draws it.
pub fn penalty(
	confidences: &[Confidence],
	reward: FixedU128,
	choices: &[Perquintill],
) -> Result<Figure> {
	let nothing = FixedU128::from_u32(0);
	let least = choices.iter().map(|p| p.float()).filter(|p| *p > 0.0).fold(1e-3, f64::min);
	let at = |p: Perquintill, confidence: Confidence| -> Result<_> {
		Ok((p.float(), deterrence(p, reward, confidence, nothing)?.penalty.float()))
	};
	let mut layers = Vec::new();
	for confidence in confidences {
		let points = places(least, 0.9, 150)
			.map(|p| at(Perquintill::from_float(p), *confidence))
			// Steps of a quantile end at zero, which has no logarithm.
			.filter(|point| point.as_ref().map_or(true, |(_, penalty)| *penalty > 0.0))
			.collect::<Result<Vec<_>>>()?;
		let name = match confidence {
			Confidence::Mean => "by the mean".into(),
			Confidence::Quantile(_) => format!("by the {} quantile", label(*confidence)),
		};
		layers.push(Layer::Line { label: name, points });
	}
	if let Some(first) = confidences.first() {
		let chosen = choices.iter().filter(|p| !p.is_one()).map(|p| at(*p, *first));
		let points = chosen.collect::<Result<_>>()?;
		layers.push(Layer::Dots { label: "chosen".into(), points });
	}
	Ok(Figure {
		name: "penalty".into(),
		title: format!(
			"What deters false claims worth {}",
			crate::proofs::text::amount(reward.float(), 6)
		),
		caption:
			"The penalty S at which a series of false claims gains nothing on average, and that \
		          at which it ends without a gain with a given confidence. A proof less often needs \
		          as much more at stake. The dots are the probabilities chosen; the document's is \
		          p = 0.01 with S = 1,980 for claims worth 20. Made by `lab penalty`."
				.into(),
		panels: vec![Panel {
			title: String::new(),
			x: Axis::logarithmic("probability of a proof, p"),
			y: Axis::logarithmic("penalty S, in tokens"),
			layers,
		}],
	})
}
