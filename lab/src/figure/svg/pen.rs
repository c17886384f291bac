//! What is drawn with: lines, areas and words on a page measured in pixels.

use crate::figure::colour::Colour;
use anyhow::{anyhow, Result};
use plotters::{
	backend::SVGBackend,
	coord::Shift,
	drawing::{DrawingArea, IntoDrawingArea},
	element::{Circle, PathElement, Rectangle},
	style::{
		text_anchor::{HPos, Pos, VPos},
		Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle, TextStyle,
	},
};

/// The backend counts in whole steps, so that it is given so many for each pixel.
const STEPS: f64 = 10.0;

pub(super) type Point = (f64, f64);

/// Which end of a text stands where it is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
	Start,
	Middle,
	End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hand {
	pub size: f64,
	pub colour: Colour,
	pub bold: bool,
	pub upwards: bool,
}

impl Hand {
	pub const fn new(size: f64, colour: Colour) -> Self {
		Self { size, colour, bold: false, upwards: false }
	}

	pub const fn bold(self) -> Self {
		Self { bold: true, ..self }
	}

	pub const fn upwards(self) -> Self {
		Self { upwards: true, ..self }
	}

	/// How wide a text is, or a little less: fonts differ.
	pub fn width(&self, text: &str) -> f64 {
		let ems = text.chars().map(|letter| match letter {
			'i' | 'j' | 'l' | '\'' | '|' | ' ' | '.' | ',' | ':' | ';' | '!' => 0.32,
			'f'
			| 't'
			| 'r'
			| '('
			| ')'
			| '['
			| ']'
			| '/'
			| '-'
			| '⁰'..='⁹'
			| '⁻'
			| '¹'
			| '²'
			| '³' => 0.42,
			'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.92,
			'A'..='Z' => 0.7,
			_ => 0.62,
		});
		let weight = if self.bold { 1.1 } else { 1.0 };
		ems.sum::<f64>() * self.size * weight
	}

	/// The text in lines no wider than `width`, if its words allow.
	pub fn wrap(&self, text: &str, width: f64) -> Vec<String> {
		let mut lines: Vec<String> = Vec::new();
		for word in text.split_whitespace() {
			match lines.last_mut() {
				Some(line) if self.width(&format!("{line} {word}")) <= width => {
					line.push(' ');
					line.push_str(word);
				}
				_ => lines.push(word.into()),
			}
		}
		lines
	}
}

/// A page to draw on.
pub(super) struct Page<'a>(DrawingArea<SVGBackend<'a>, Shift>);

/// A document of this size, with what `draw` puts on the page. Title and description are for those
/// who cannot see it.
pub(super) fn document(
	(width, height): (f64, f64),
	(title, description): (&str, &str),
	draw: impl FnOnce(&Page) -> Result<()>,
) -> Result<String> {
	let mut text = String::new();
	let size = ((width * STEPS) as u32, (height * STEPS) as u32);
	let page = Page(SVGBackend::with_string(&mut text, size).into_drawing_area());
	page.area((0.0, 0.0), (width, height), (255, 255, 255), 1.0)?;
	draw(&page)?;
	page.0.present().map_err(|error| anyhow!("{error}"))?;
	drop(page);
	let body = text.split_once(">\n").map_or("", |(_, body)| body);
	// What is so anyway need not be said thousands of times.
	let body = body.replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "");
	Ok(format!(
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
		 viewBox=\"0 0 {} {}\" role=\"img\" \
		 stroke-linejoin=\"round\">\n<title>{}</title>\n<desc>{}</desc>\n{body}",
		size.0,
		size.1,
		escape(title),
		escape(description),
	))
}

fn escape(text: &str) -> String {
	text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn step(value: f64) -> i32 {
	(value * STEPS).round() as i32
}

fn steps((x, y): Point) -> (i32, i32) {
	(step(x), step(y))
}

fn rgb((red, green, blue): Colour) -> RGBColor {
	RGBColor(red, green, blue)
}

fn style(colour: Colour, opacity: f64, width: f64) -> ShapeStyle {
	rgb(colour).mix(opacity).stroke_width(step(width).unsigned_abs())
}

impl Page<'_> {
	/// A line through points.
	pub fn line(&self, points: &[Point], colour: Colour, width: f64) -> Result<()> {
		if points.len() < 2 {
			return Ok(());
		}
		let points: Vec<_> = points.iter().copied().map(steps).collect();
		let path = PathElement::new(points, style(colour, 1.0, width));
		self.0.draw(&path).map_err(|error| anyhow!("{error}"))
	}

	/// A straight line in dashes.
	pub fn dashes(&self, from: Point, to: Point, colour: Colour, width: f64) -> Result<()> {
		const DASH: f64 = 6.0;
		const GAP: f64 = 4.0;
		let length = (to.0 - from.0).hypot(to.1 - from.1);
		let at = |distance: f64| {
			let share = (distance / length).min(1.0);
			(from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
		};
		let count = (length / (DASH + GAP)).ceil() as u32;
		(0..count)
			.map(|dash| f64::from(dash) * (DASH + GAP))
			.try_for_each(|start| self.line(&[at(start), at(start + DASH)], colour, width))
	}

	/// A filled rectangle between two corners.
	pub fn area(&self, from: Point, to: Point, colour: Colour, opacity: f64) -> Result<()> {
		let (from, to) = (steps(from), steps(to));
		let low = (from.0.min(to.0), from.1.min(to.1));
		let high = (from.0.max(to.0), from.1.max(to.1));
		let rectangle = Rectangle::new([low, high], rgb(colour).mix(opacity).filled());
		self.0.draw(&rectangle).map_err(|error| anyhow!("{error}"))
	}

	pub fn dot(&self, at: Point, radius: f64, colour: Colour, opacity: f64) -> Result<()> {
		let circle = Circle::new(steps(at), step(radius), rgb(colour).mix(opacity).filled());
		self.0.draw(&circle).map_err(|error| anyhow!("{error}"))
	}

	/// A text whose middle line stands at a height.
	pub fn text(&self, text: &str, at: Point, anchor: Anchor, hand: Hand) -> Result<()> {
		let weight = if hand.bold { FontStyle::Bold } else { FontStyle::Normal };
		// The backend divides by the same number.
		let font = FontDesc::new(FontFamily::SansSerif, hand.size * STEPS * 1.24, weight);
		let font = if hand.upwards { font.transform(FontTransform::Rotate270) } else { font };
		let across = match anchor {
			Anchor::Start => HPos::Left,
			Anchor::Middle => HPos::Center,
			Anchor::End => HPos::Right,
		};
		let colour = rgb(hand.colour);
		let style = TextStyle::from(font).color(&colour).pos(Pos::new(across, VPos::Center));
		self.0.draw_text(text, &style, steps(at)).map_err(|error| anyhow!("{error}"))
	}
}
