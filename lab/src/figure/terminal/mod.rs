//! Figures in the terminal.

mod canvas;
mod heat;

use super::{
	axis::{short, Span, Tick},
	colour::Colour,
	key::Key,
	svg::runs,
	Figure, Layer, Panel,
};
use canvas::{painted, Canvas};
use std::fmt::Write;

/// Columns of a figure.
const WIDTH: usize = 100;
const ROWS: usize = 18;
const PALE: Colour = (140, 140, 140);

/// More dots than these are single points.
const MANY: usize = 60;

/// The figure in characters, in colours unless `NO_COLOR` is set.
pub fn draw(figure: &Figure) -> String {
	drawn(figure, std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty()))
}

fn drawn(figure: &Figure, coloured: bool) -> String {
	let key = Key::of(figure);
	let mut text = format!("{}\n", figure.title);
	text.push_str(&legend(&key, coloured));
	for panel in &figure.panels {
		text.push_str(&draw_panel(panel, &key, coloured));
	}
	text
}

/// What stands for a series where there are no colours.
fn letter(index: usize) -> char {
	char::from_u32('a' as u32 + index as u32 % 26).unwrap_or('*')
}

fn legend(key: &Key, coloured: bool) -> String {
	let entries = key.entries().map(|(label, _, colour)| {
		let sign = key.index(label).map_or('*', letter);
		let sign = if coloured { "━━".into() } else { sign.to_string() };
		(sign.chars().count() + 1 + label.chars().count(), painted(&sign, colour, coloured), label)
	});
	let mut text = String::new();
	let mut column = 0;
	for (width, sign, label) in entries {
		if column > 0 && column + 3 + width > WIDTH {
			text.push('\n');
			column = 0;
		} else if column > 0 {
			text.push_str("   ");
			column += 3;
		}
		let _ = write!(text, "{sign} {label}");
		column += width;
	}
	if column > 0 {
		text.push('\n');
	}
	text
}

fn draw_panel(panel: &Panel, key: &Key, coloured: bool) -> String {
	let (x, y) = Span::of(panel);
	let up = y.ticks(ROWS / 3);
	let gutter = up.iter().map(|tick| tick.label.chars().count()).max().unwrap_or(0);
	let mut canvas = Canvas::new(WIDTH - gutter - 3, ROWS);
	let mut text = String::from("\n");
	if !panel.title.is_empty() {
		let _ = writeln!(text, "{}", panel.title);
	}
	let _ = writeln!(text, "{}", panel.y.label);

	let several = key.entries().count() > 1;
	for layer in &panel.layers {
		let ink = key.colour(layer.label()).unwrap_or(PALE);
		let sign = key.index(layer.label()).filter(|_| !coloured && several).map(letter);
		draw_layer(&mut canvas, layer, (&x, &y), ink, sign);
		if let Layer::Heat { .. } = layer {
			heat::fill(&mut canvas, layer, (&x, &y), coloured);
		}
	}
	for layer in &panel.layers {
		draw_rule(&mut canvas, layer, (&x, &y));
	}

	let at_row = |tick: &Tick| canvas.cell_at((0.0, tick.place)).map(|cell| cell.1);
	for row in 0..canvas.rows() {
		let tick = up.iter().find(|tick| at_row(tick) == Some(row));
		let (label, side) = tick.map_or(("", '│'), |tick| (tick.label.as_str(), '┤'));
		let line = format!("{label:>gutter$} {side}{}", canvas.row(row, coloured));
		let _ = writeln!(text, "{}", line.trim_end());
	}
	text.push_str(&x_axis(&x, &panel.x.label, gutter, canvas.columns()));
	for layer in &panel.layers {
		let rule = |sign, label: &str, value: f64| {
			format!("{} {label} ({})\n", painted(sign, PALE, coloured), short(value))
		};
		match layer {
			Layer::Level { label, y } if !label.is_empty() => text.push_str(&rule("╌╌", label, *y)),
			Layer::Mark { label, x } if !label.is_empty() => text.push_str(&rule("╎", label, *x)),
			Layer::Heat { label, values, .. } => {
				text.push_str(&heat::scale(label, values, coloured));
			}
			_ => {}
		}
	}
	text
}

fn draw_layer(
	canvas: &mut Canvas,
	layer: &Layer,
	(x, y): (&Span, &Span),
	ink: Colour,
	sign: Option<char>,
) {
	let place = |(px, py): (f64, f64)| Some((x.place(px)?, y.place(py)?));
	let inside = |(px, py): &(f64, f64)| (0.0..=1.0).contains(px) && (0.0..=1.0).contains(py);
	match layer {
		Layer::Line { points, .. } => {
			let runs = runs(points, place);
			for pair in runs.iter().flat_map(|run| run.windows(2)) {
				canvas.line(pair[0], pair[1], ink);
			}
			// Letters along the line, so that it can be told from others.
			let all: Vec<_> = runs.into_iter().flatten().collect();
			for (sign, share) in sign.iter().flat_map(|sign| [0.35, 0.7, 0.98].map(|s| (*sign, s)))
			{
				let near = |at: &&(f64, f64)| (at.0 - share).abs();
				let nearest = all.iter().min_by(|a, b| near(a).total_cmp(&near(b)));
				if let Some((column, row)) = nearest.and_then(|at| canvas.cell_at(*at)) {
					canvas.sign(column, row, sign, Some(ink));
				}
			}
		}
		Layer::Dots { points, .. } => {
			for at in points.iter().filter_map(|point| place(*point)).filter(inside) {
				match canvas.cell_at(at) {
					Some((column, row)) if points.len() <= MANY || sign.is_some() => {
						canvas.sign(column, row, sign.unwrap_or('•'), Some(ink));
					}
					_ => canvas.point(at, ink),
				}
			}
		}
		Layer::Bars { points, width, .. } => {
			let foot = y.place(0.0).unwrap_or(0.0).clamp(0.0, 1.0);
			for (px, py) in points {
				let sides = x.place(px - width / 2.0).zip(x.place(px + width / 2.0));
				let (Some((left, right)), Some(top)) = (sides, y.place(*py)) else {
					continue;
				};
				let (left, right) = (left.max(0.0), right.min(1.0));
				let steps = ((right - left) * canvas.columns() as f64 * 2.0 * 0.9).floor().max(0.0);
				for step in 0..=steps as u32 {
					let at = left + 0.9 * (right - left) * f64::from(step) / steps.max(1.0);
					canvas.line((at, foot), (at, top.clamp(0.0, 1.0)), ink);
				}
				let label = sign.and_then(|sign| {
					Some((sign, canvas.cell_at(((left + right) / 2.0, top.clamp(0.0, 1.0)))?))
				});
				if let Some((sign, (column, row))) = label {
					canvas.sign(column, row, sign, Some(ink));
				}
			}
		}
		Layer::Intervals { points, .. } => {
			for (px, low, value, high) in points {
				let ends = place((*px, *low)).zip(place((*px, *high)));
				let Some((low, high)) = ends.filter(|(low, _)| (0.0..=1.0).contains(&low.0)) else {
					continue;
				};
				canvas.line((low.0, low.1.clamp(0.0, 1.0)), (high.0, high.1.clamp(0.0, 1.0)), ink);
				let cell = place((*px, *value)).filter(inside).and_then(|at| canvas.cell_at(at));
				if let Some((column, row)) = cell {
					canvas.sign(column, row, sign.unwrap_or('●'), Some(ink));
				}
			}
		}
		Layer::Level { .. } | Layer::Mark { .. } | Layer::Heat { .. } => {}
	}
}

/// Levels and marks go behind everything else.
fn draw_rule(canvas: &mut Canvas, layer: &Layer, (x, y): (&Span, &Span)) {
	match layer {
		Layer::Level { y: level, .. } => {
			let at = y.place(*level).and_then(|at| canvas.cell_at((0.0, at)));
			for (column, (_, row)) in (0..canvas.columns()).zip(std::iter::repeat(at).flatten()) {
				canvas.behind(column, row, '╌', PALE);
			}
		}
		Layer::Mark { x: mark, .. } => {
			let at = x.place(*mark).and_then(|at| canvas.cell_at((at, 0.0)));
			for (row, (column, _)) in (0..canvas.rows()).zip(std::iter::repeat(at).flatten()) {
				canvas.behind(column, row, '╎', PALE);
			}
		}
		_ => {}
	}
}

/// The axis with its ticks, their numbers and its name.
fn x_axis(x: &Span, label: &str, gutter: usize, columns: usize) -> String {
	let mut axis: Vec<char> = std::iter::repeat_n('─', columns).collect();
	let mut numbers: Vec<char> = std::iter::repeat_n(' ', columns + gutter + 3).collect();
	let mut free = 0;
	for tick in x.ticks(columns / 10) {
		let column = ((columns as f64 - 1.0) * tick.place).round() as usize;
		if let Some(sign) = axis.get_mut(column) {
			*sign = '┬';
		}
		let width = tick.label.chars().count();
		let start = (gutter + 2 + column).saturating_sub(width / 2);
		let start = start.min(numbers.len().saturating_sub(width));
		if start >= free {
			for (slot, letter) in numbers.iter_mut().skip(start).zip(tick.label.chars()) {
				*slot = letter;
			}
			free = start + width + 1;
		}
	}
	let axis: String = axis.into_iter().collect();
	let numbers: String = numbers.into_iter().collect();
	let indent = (gutter + 2 + columns).saturating_sub(label.chars().count());
	format!("{:gutter$} └{axis}\n{}\n{:indent$}{label}\n", "", numbers.trim_end(), "")
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::figure::samples;

	#[test]
	fn a_figure_has_its_words_and_fits_the_terminal() {
		for figure in samples::all() {
			let text = drawn(&figure, false);
			for panel in &figure.panels {
				let words = [&figure.title, &panel.title, &panel.x.label, &panel.y.label];
				assert!(words.iter().all(|word| text.contains(word.as_str())), "{text}");
				assert!(panel.layers.iter().all(|layer| text.contains(layer.label())), "{text}");
			}
			assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
		}
	}

	#[test]
	fn without_colours_there_are_plain_characters_only() {
		for figure in samples::all() {
			assert!(!drawn(&figure, false).contains('\x1b'));
			assert!(drawn(&figure, true).contains("\x1b[38;2;"));
		}
	}

	#[test]
	fn a_rising_line_rises() {
		let points = vec![(0.0, 0.0), (1.0, 1.0)];
		let mut canvas = Canvas::new(10, 5);
		let layer = Layer::Line { label: String::new(), points };
		let scale = crate::figure::Scale::Linear;
		let span = |high| Span { scale, low: 0.0, high, whole: false };
		draw_layer(&mut canvas, &layer, (&span(1.0), &span(1.0)), PALE, None);
		let rows: Vec<String> = (0..5).map(|row| canvas.row(row, false)).collect();
		let starts: Vec<_> = rows.iter().map(|row| row.chars().position(|c| c != ' ')).collect();
		assert_eq!(starts, [Some(8), Some(6), Some(4), Some(2), Some(0)], "{rows:#?}");
	}
}
