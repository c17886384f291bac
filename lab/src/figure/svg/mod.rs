//! Figures as SVG: the page and what stands where on it.

mod heat;
mod labels;
mod layers;
mod notes;
mod panel;
mod pen;

use super::{axis::Span, colour::Colour, key::Key, Figure, Layer, Panel};
use anyhow::Result;
pub(super) use layers::runs;
use pen::{document, Anchor, Hand, Page, Point};

/// The width of every figure, in pixels.
const WIDTH: f64 = 720.0;
const MARGIN: f64 = 14.0;
/// Between panels.
const GUTTER: f64 = 22.0;

const INK: Colour = (34, 34, 34);
const PALE: Colour = (85, 85, 85);

const TITLE: Hand = Hand::new(16.0, INK).bold();
const HEADING: Hand = Hand::new(13.0, INK).bold();
const NAME: Hand = Hand::new(12.5, PALE);
const NUMBER: Hand = Hand::new(12.0, PALE);
const WORD: Hand = Hand::new(12.5, INK);

const TITLE_LINE: f64 = 21.0;
const LINE: f64 = 18.0;

/// A part of the page.
#[derive(Clone, Copy, Debug)]
struct Frame {
	left: f64,
	top: f64,
	right: f64,
	bottom: f64,
}

impl Frame {
	/// A place on the axes as a point on the page.
	fn point(&self, (x, y): (f64, f64)) -> Point {
		(self.left + x * (self.right - self.left), self.bottom - y * (self.bottom - self.top))
	}
}

/// The figure as an SVG document: the same for the same data.
pub fn draw(figure: &Figure) -> Result<String> {
	let key = Key::of(figure);
	let title = TITLE.wrap(&figure.title, WIDTH - 2.0 * MARGIN);
	let beside = labels::beside(figure, &key);
	let legend = match beside {
		Some(_) => Vec::new(),
		None => labels::rows(figure, &key, WIDTH - 2.0 * MARGIN),
	};
	let columns = figure.panels.len().clamp(1, 2);
	let rows = figure.panels.len().div_ceil(columns);
	let head = MARGIN + TITLE_LINE * title.len() as f64 + LINE * legend.len() as f64 + 8.0;
	let tall = if columns == 1 { 400.0 } else { 310.0 };
	let height = head + tall * rows as f64 + MARGIN;
	document((WIDTH, height), (&figure.title, &figure.caption), |page| {
		for (line, text) in title.iter().enumerate() {
			let at = (MARGIN, MARGIN + TITLE_LINE * (line as f64 + 0.4));
			page.text(text, at, Anchor::Start, TITLE)?;
		}
		labels::draw(page, &legend, (MARGIN, MARGIN + TITLE_LINE * title.len() as f64 + 2.0))?;
		let width = (WIDTH - 2.0 * MARGIN - GUTTER * (columns as f64 - 1.0)) / columns as f64;
		for (index, panel) in figure.panels.iter().enumerate() {
			let left = MARGIN + (index % columns) as f64 * (width + GUTTER);
			let top = head + (index / columns) as f64 * tall;
			let frame = Frame { left, top, right: left + width, bottom: top + tall };
			let single = |label: &str| labels::is_single(figure, label);
			panel::draw(page, panel, &key, frame, panel::Names { beside, single: &single })?;
		}
		Ok(())
	})
}
