//! One pair of axes with what is drawn on them.

use super::{
	heat, labels, layers, notes, Anchor, Frame, Key, Layer, Page, Panel, Result, Span, HEADING,
	LINE, NAME, NUMBER,
};
use crate::figure::{axis::Tick, colour::Colour};

const GRID: Colour = (229, 229, 229);
const FAINT: Colour = (243, 243, 243);
const RULE: Colour = (120, 120, 120);

/// Where the names of series stand.
pub(super) struct Names<'a> {
	/// The room to keep for them at the panel's right, if they stand there.
	pub(super) beside: Option<f64>,
	/// Which of them stand at a point.
	pub(super) single: &'a dyn Fn(&str) -> bool,
}

/// Draws a panel into its part of the page.
pub(super) fn draw(
	page: &Page,
	panel: &Panel,
	key: &Key,
	outer: Frame,
	Names { beside, single }: Names,
) -> Result<()> {
	let (x, y) = Span::of(panel);
	let scale = panel.layers.iter().find_map(heat::Scale::of);
	let mut top = outer.top;
	for text in HEADING.wrap(&panel.title, outer.right - outer.left) {
		page.text(&text, (outer.left, top + LINE / 2.0), Anchor::Start, HEADING)?;
		top += LINE + 2.0;
	}
	for text in NAME.wrap(&panel.y.label, outer.right - outer.left) {
		page.text(&text, (outer.left, top + LINE / 2.0), Anchor::Start, NAME)?;
		top += LINE - 2.0;
	}
	let below = NAME.wrap(&panel.x.label, outer.right - outer.left - 30.0);
	let bottom = outer.bottom - 22.0 - (LINE - 2.0) * below.len() as f64;
	let up = y.ticks(((bottom - top) / 48.0) as usize);
	let widest = up.iter().map(|tick| NUMBER.width(&tick.label)).fold(0.0, f64::max);
	let right = match &scale {
		Some(scale) => scale.width(),
		None => beside.unwrap_or(14.0),
	};
	// Whole pixels, so that edges are sharp.
	let frame = Frame {
		left: (outer.left + widest + 8.0).round(),
		top: (top + 8.0).round(),
		right: (outer.right - right).round(),
		bottom: bottom.round(),
	};
	let across = x_ticks(&x, &frame);

	if scale.is_none() {
		grid(page, &frame, (&x, &across), (&y, &up))?;
	}
	for layer in &panel.layers {
		if let Layer::Heat { xs, ys, values, levels, .. } = layer {
			let grid = heat::Grid { xs, ys, values, levels };
			if let Some(scale) = &scale {
				heat::draw(page, &grid, scale, &frame, (&x, &y))?;
				heat::bar(page, scale, levels, &frame)?;
			}
		}
		layers::draw(page, layer, key, &frame, (&x, &y))?;
	}
	axes(page, &frame, &across, &up, scale.is_some())?;
	for (line, text) in below.iter().enumerate() {
		let at =
			((frame.left + frame.right) / 2.0, frame.bottom + 30.0 + (LINE - 2.0) * line as f64);
		page.text(text, at, Anchor::Middle, NAME)?;
	}
	notes::draw(page, panel, key, &frame, (&x, &y), single)?;
	if beside.is_some() {
		labels::ends(page, panel, key, &frame, (&x, &y))?;
	}
	Ok(())
}

/// As many ticks as fit without touching.
fn x_ticks(x: &Span, frame: &Frame) -> Vec<Tick> {
	let width = frame.right - frame.left;
	let fits = |ticks: &Vec<Tick>| {
		ticks.windows(2).all(|pair| {
			let wide = NUMBER.width(&pair[0].label) + NUMBER.width(&pair[1].label);
			(pair[1].place - pair[0].place) * width > wide / 2.0 + 8.0
		})
	};
	let mut most = (width / 55.0) as usize + 1;
	while most > 2 && !fits(&x.ticks(most)) {
		most -= 1;
	}
	x.ticks(most)
}

fn grid(
	page: &Page,
	frame: &Frame,
	(x, across): (&Span, &[Tick]),
	(y, up): (&Span, &[Tick]),
) -> Result<()> {
	let upright =
		|at: f64, colour| page.line(&[frame.point((at, 0.0)), frame.point((at, 1.0))], colour, 1.0);
	let level =
		|at: f64, colour| page.line(&[frame.point((0.0, at)), frame.point((1.0, at))], colour, 1.0);
	x.minor().into_iter().try_for_each(|at| upright(at, FAINT))?;
	y.minor().into_iter().try_for_each(|at| level(at, FAINT))?;
	across.iter().try_for_each(|tick| upright(tick.place, GRID))?;
	up.iter().try_for_each(|tick| level(tick.place, GRID))?;
	// Losses and gains are told apart at a glance.
	match y.place(0.0) {
		Some(zero) if (0.001..0.999).contains(&zero) => level(zero, RULE),
		_ => Ok(()),
	}
}

fn axes(page: &Page, frame: &Frame, across: &[Tick], up: &[Tick], boxed: bool) -> Result<()> {
	let corner = |x, y| frame.point((x, y));
	page.line(&[corner(0.0, 0.0), corner(1.0, 0.0)], RULE, 1.0)?;
	if boxed {
		for tick in up {
			let (x, y) = corner(0.0, tick.place);
			page.line(&[(x - 4.0, y), (x, y)], RULE, 1.0)?;
		}
	}
	for tick in across {
		let (x, y) = corner(tick.place, 0.0);
		page.line(&[(x, y), (x, y + 4.0)], RULE, 1.0)?;
		page.text(&tick.label, (x, y + 13.0), Anchor::Middle, NUMBER)?;
	}
	for tick in up {
		let (x, y) = corner(0.0, tick.place);
		page.text(&tick.label, (x - 7.0, y), Anchor::End, NUMBER)?;
	}
	Ok(())
}
