//! What deters false claims: the penalty, the theorem behind it, and padded claims opened for real
//! (sections 5 and 6 of the design).

pub mod figures;
pub mod game;
pub mod geometric;
pub mod padding;
pub mod penalty;
pub mod text;
pub mod theorem;

use crate::number::Float;
use serde::Serializer;

/// For `serialize_with`: the chain's decimals as numbers.
pub(crate) fn float<T: Float + Copy, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
	to.serialize_f64(value.float())
}
