//! Which series a figure has, and their colours.

use super::{colour, Figure, Layer};

/// How a series is shown beside its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
	Line,
	Dots,
	Bars,
}

/// The series of a figure in the order in which they appear. Layers with one label are one series.
pub(super) struct Key(Vec<(String, Shape)>);

impl Key {
	pub fn of(figure: &Figure) -> Self {
		let mut key: Vec<(String, Shape)> = Vec::new();
		for layer in figure.panels.iter().flat_map(|panel| &panel.layers) {
			let (label, shape) = match layer {
				Layer::Line { label, .. } => (label, Shape::Line),
				Layer::Dots { label, .. } | Layer::Intervals { label, .. } => (label, Shape::Dots),
				Layer::Bars { label, .. } => (label, Shape::Bars),
				Layer::Level { .. } | Layer::Mark { .. } | Layer::Heat { .. } => continue,
			};
			if !key.iter().any(|(known, _)| known == label) {
				key.push((label.clone(), shape));
			}
		}
		Self(key)
	}

	/// The colour of a series; `None` for what is none.
	pub fn colour(&self, label: &str) -> Option<colour::Colour> {
		let index = self.0.iter().position(|(known, _)| known == label)?;
		Some(colour::series(index, self.0.len()))
	}

	/// A number for a series, in order.
	pub fn index(&self, label: &str) -> Option<usize> {
		self.0.iter().position(|(known, _)| known == label)
	}

	/// The series that have a label, with their colours.
	pub fn entries(&self) -> impl Iterator<Item = (&str, Shape, colour::Colour)> {
		let named = self.0.iter().enumerate().filter(|(_, (label, _))| !label.is_empty());
		named.map(|(index, (label, shape))| {
			(label.as_str(), *shape, colour::series(index, self.0.len()))
		})
	}
}

impl Layer {
	/// What it is called; may be empty.
	pub fn label(&self) -> &str {
		match self {
			Self::Line { label, .. }
			| Self::Dots { label, .. }
			| Self::Bars { label, .. }
			| Self::Intervals { label, .. }
			| Self::Level { label, .. }
			| Self::Mark { label, .. }
			| Self::Heat { label, .. } => label,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::figure::samples;

	#[test]
	fn layers_with_one_label_are_one_series() {
		let key = Key::of(&samples::curves());
		let entries: Vec<_> = key.entries().map(|(label, ..)| label).collect();
		assert_eq!(entries, ["p = 0.5", "p = 0.2", "p = 0.1"]);
		assert_ne!(key.colour("p = 0.5"), key.colour("p = 0.2"));
		assert_eq!(key.colour("no series"), None);
	}
}
