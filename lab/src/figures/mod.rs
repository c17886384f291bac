//! Every figure of the book, by name.

mod gallery;

pub use gallery::{write, write_index, Format, Written};

use crate::{
	audits, growth, policy, proofs,
	simulation::{self, Scenario},
	Figure, Progress,
};
use anyhow::{ensure, Result};

/// Figures that are drawn from one computation.
struct Source {
	names: &'static [&'static str],
	draw: fn(Progress) -> Result<Vec<Figure>>,
}

const SOURCES: &[Source] = &[
	Source {
		names: &["protocol-cost"],
		draw: |progress| Ok(vec![audits::protocol_cost(progress)?]),
	},
	Source { names: &["sybil-utility"], draw: |_| Ok(vec![audits::sybil_utility()?]) },
	Source {
		names: &["linear-concentration"],
		draw: |_| Ok(vec![audits::linear_concentration()?]),
	},
	Source {
		names: &["geometric", "penalty", "theorem", "padding-detection", "padding-profit"],
		draw: proofs::figures::all,
	},
	Source { names: &["growth"], draw: growth::figure::all },
	Source {
		names: &["policy-cost"],
		draw: |progress| {
			let found = policy::search(&policy::Wish::of(policy::Network::Open), progress)?;
			Ok(vec![policy::figure(&found, "lab policy --network open")])
		},
	},
	Source { names: &["simulation-gains", "simulation-oracle"], draw: simulations },
];

fn simulations(progress: Progress) -> Result<Vec<Figure>> {
	let strict = simulation::run(&Scenario::default(), progress)?;
	let lax = simulation::run(&Scenario::lax(), progress)?;
	let gains = simulation::gains(&[
		("ε = 0.125, S = 8: above ε* = 0.111".into(), &strict),
		("ε = 0.05, S = 4: below ε* = 0.2".into(), &lax),
	]);
	Ok(vec![gains, strict.oracle_figure()])
}

/// The names of all figures, in the order of the book.
pub fn names() -> impl Iterator<Item = &'static str> {
	SOURCES.iter().flat_map(|source| source.names.iter().copied())
}

/// The figures with these names, or all if none is named, in the order of the book.
pub fn draw(only: &[String], progress: Progress) -> Result<Vec<Figure>> {
	for name in only {
		let known: Vec<_> = names().collect();
		let is_known = known.contains(&name.as_str());
		ensure!(is_known, "there is no figure {name:?}; known are {}", known.join(", "));
	}
	let wanted = |name: &str| only.is_empty() || only.iter().any(|wanted| wanted == name);
	let mut figures = Vec::new();
	for source in SOURCES.iter().filter(|source| source.names.iter().any(|name| wanted(name))) {
		let drawn = (source.draw)(progress)?;
		for name in source.names {
			let is_drawn = drawn.iter().any(|figure| figure.name == *name);
			ensure!(is_drawn, "the figure {name} was not drawn with its source");
		}
		figures.extend(drawn.into_iter().filter(|figure| wanted(&figure.name)));
	}
	Ok(figures)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn figures_are_drawn_by_name() {
		let wanted = ["linear-concentration".to_string()];
		let figures = draw(&wanted, Progress::Hidden).unwrap();
		assert_eq!(figures.len(), 1);
		assert_eq!(figures[0].name, wanted[0]);
	}

	#[test]
	fn unknown_names_are_refused_and_the_known_ones_listed() {
		let error = draw(&["nothing".to_string()], Progress::Hidden).unwrap_err().to_string();
		assert!(error.contains("nothing") && names().all(|name| error.contains(name)));
	}

	#[test]
	fn every_name_stands_once() {
		let mut all: Vec<_> = names().collect();
		all.sort_unstable();
		assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
	}
}
