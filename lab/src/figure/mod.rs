//! A figure as data: what is drawn, not how. Drawn as SVG and PNG, and in the terminal.

mod axis;
mod colour;
mod contour;
mod key;
pub mod png;
pub mod svg;
pub mod terminal;

use anyhow::{bail, Context, Result};
use serde::Serialize;
use std::{ffi::OsStr, fs, path::Path};

/// One picture: one or more panels side by side, and a caption that says how it was made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
	/// The file's name, without an ending: `protocol-cost`.
	pub name: String,
	/// What it shows.
	pub title: String,
	/// What is to be seen, and the command that makes it again.
	pub caption: String,
	pub panels: Vec<Panel>,
}

/// One pair of axes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Panel {
	/// May be empty.
	pub title: String,
	pub x: Axis,
	pub y: Axis,
	/// Drawn in this order.
	pub layers: Vec<Layer>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Axis {
	/// With the unit: `stake S, in rewards`.
	pub label: String,
	pub scale: Scale,
	/// From what is drawn, if not given.
	pub range: Option<(f64, f64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Scale {
	Linear,
	/// Values that are not positive are left out.
	Logarithmic,
}

/// Something drawn on a panel. A label puts it into the legend; layers with the same label share
/// colour and entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Layer {
	/// A line through points in the order of `x`.
	Line { label: String, points: Vec<(f64, f64)> },
	/// Points alone.
	Dots { label: String, points: Vec<(f64, f64)> },
	/// Columns from zero, centred at `x`.
	Bars { label: String, width: f64, points: Vec<(f64, f64)> },
	/// A value with its interval: `(x, low, value, high)`.
	Intervals { label: String, points: Vec<(f64, f64, f64, f64)> },
	/// A dashed horizontal line across the panel.
	Level { label: String, y: f64 },
	/// A dashed vertical line across the panel.
	Mark { label: String, x: f64 },
	/// A value for each pair, row by row from the lowest `y`, and within it by `x`. `label` names the
	/// colours. `levels` are drawn as contours and named.
	Heat { label: String, xs: Vec<f64>, ys: Vec<f64>, values: Vec<f64>, levels: Vec<f64> },
}

impl Axis {
	pub fn linear(label: impl Into<String>) -> Self {
		Self { label: label.into(), scale: Scale::Linear, range: None }
	}

	pub fn logarithmic(label: impl Into<String>) -> Self {
		Self { label: label.into(), scale: Scale::Logarithmic, range: None }
	}

	/// From `low` to `high`, whatever is drawn.
	pub fn from(self, low: f64, high: f64) -> Self {
		Self { range: Some((low, high)), ..self }
	}
}

/// Draws a figure into a file whose ending says how; several into files with their names put in:
/// `plot.svg` becomes `plot-NAME.svg`.
pub fn save(figures: &[Figure], path: &Path) -> Result<()> {
	let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
	let draw: fn(&Figure) -> Result<Vec<u8>> = match ending {
		"svg" => |figure| Ok(svg::draw(figure)?.into_bytes()),
		"png" => |figure| png::render(&svg::draw(figure)?),
		_ => bail!("{} ends neither in .svg nor in .png; name the file plot.svg", path.display()),
	};
	let write = |figure: &Figure, path: &Path| {
		let drawn = draw(figure).with_context(|| format!("{} cannot be drawn", figure.name))?;
		fs::write(path, drawn).with_context(|| format!("{} cannot be written", path.display()))
	};
	match figures {
		[] => bail!("there is no plot to draw into {}", path.display()),
		[figure] => write(figure, path),
		figures => figures.iter().try_for_each(|figure| {
			let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or("plot");
			write(figure, &path.with_file_name(format!("{stem}-{}.{ending}", figure.name)))
		}),
	}
}

#[cfg(test)]
mod samples;

#[cfg(test)]
mod tests;
