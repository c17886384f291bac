//! What a number in the book can be: one line for each, computed by the code that runs on chain or
//! by the models around it. To add one, add a line.

mod audits;
mod growth;
mod policy;
mod proofs;
mod simulation;

use super::expression::Arguments;
use anyhow::Result;

/// A quantity that can be asked for.
pub struct Quantity {
	pub name: &'static str,
	/// A question mark stands behind what can be left out.
	pub arguments: &'static [&'static str],
	pub about: &'static str,
	pub compute: fn(&Arguments) -> Result<f64>,
}

const fn quantity(
	name: &'static str,
	arguments: &'static [&'static str],
	about: &'static str,
	compute: fn(&Arguments) -> Result<f64>,
) -> Quantity {
	Quantity { name, arguments, about, compute }
}

/// All of them, in the order of the book.
pub fn all() -> impl Iterator<Item = &'static Quantity> {
	audits::ALL
		.iter()
		.chain(proofs::ALL)
		.chain(growth::ALL)
		.chain(policy::ALL)
		.chain(simulation::ALL)
}
