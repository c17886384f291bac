//! Dots finer than characters: eight to each cell, as braille has them.

use crate::figure::colour::Colour;

/// What one character shows.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell {
	dots: u8,
	sign: Option<char>,
	ink: Option<Colour>,
	ground: Option<Colour>,
}

/// Characters in rows.
pub(super) struct Canvas {
	columns: usize,
	rows: usize,
	cells: Vec<Cell>,
}

/// Bits of the dots of a cell, by row and column.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

impl Canvas {
	pub fn new(columns: usize, rows: usize) -> Self {
		Self { columns, rows, cells: vec![Cell::default(); columns * rows] }
	}

	pub fn columns(&self) -> usize {
		self.columns
	}

	pub fn rows(&self) -> usize {
		self.rows
	}

	fn cell(&mut self, column: usize, row: usize) -> Option<&mut Cell> {
		(column < self.columns).then_some(())?;
		self.cells.get_mut(row * self.columns + column)
	}

	/// The dot at a place: from the lower left to the upper right, each from 0 to 1.
	fn dot_at(&self, (x, y): (f64, f64)) -> (i64, i64) {
		let (wide, high) = (self.columns as f64 * 2.0 - 1.0, self.rows as f64 * 4.0 - 1.0);
		((x * wide).round() as i64, ((1.0 - y) * high).round() as i64)
	}

	/// The cell at a place.
	pub fn cell_at(&self, place: (f64, f64)) -> Option<(usize, usize)> {
		let (x, y) = self.dot_at(place);
		let cell = (usize::try_from(x).ok()? / 2, usize::try_from(y).ok()? / 4);
		(cell.0 < self.columns && cell.1 < self.rows).then_some(cell)
	}

	fn dot(&mut self, (x, y): (i64, i64), ink: Colour) {
		let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
			return;
		};
		if let Some(cell) = self.cell(x / 2, y / 4) {
			cell.dots |= DOTS[y % 4][x % 2];
			cell.ink = Some(ink);
		}
	}

	pub fn point(&mut self, place: (f64, f64), ink: Colour) {
		self.dot(self.dot_at(place), ink);
	}

	/// A straight line between places on the canvas.
	pub fn line(&mut self, from: (f64, f64), to: (f64, f64), ink: Colour) {
		let (from, to) = (self.dot_at(from), self.dot_at(to));
		let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).max(1);
		for step in 0..=steps {
			let at = |from: i64, to: i64| from + ((to - from) * step * 2 + steps) / (steps * 2);
			let at = |from: i64, to: i64| if to < from { -at(-from, -to) } else { at(from, to) };
			self.dot((at(from.0, to.0), at(from.1, to.1)), ink);
		}
	}

	/// A character in a cell, over whatever is there.
	pub fn sign(&mut self, column: usize, row: usize, sign: char, ink: Option<Colour>) {
		if let Some(cell) = self.cell(column, row) {
			(cell.sign, cell.ink) = (Some(sign), ink.or(cell.ink));
		}
	}

	/// A character in a cell where nothing is.
	pub fn behind(&mut self, column: usize, row: usize, sign: char, ink: Colour) {
		if let Some(cell) = self.cell(column, row) {
			if cell.dots == 0 && cell.sign.is_none() {
				(cell.sign, cell.ink) = (Some(sign), Some(ink));
			}
		}
	}

	/// A cell in two colours, one above the other.
	pub fn halves(&mut self, column: usize, row: usize, upper: Colour, lower: Colour) {
		if let Some(cell) = self.cell(column, row) {
			let sign = Some('▀');
			*cell = Cell { dots: 0, sign, ink: Some(upper), ground: Some(lower) };
		}
	}

	/// A row as text.
	pub fn row(&self, row: usize, coloured: bool) -> String {
		let cells = self.cells.iter().skip(row * self.columns).take(self.columns);
		let mut text = String::new();
		let mut last = (None, None);
		for cell in cells {
			let sign = cell.sign.unwrap_or(match cell.dots {
				0 => ' ',
				dots => char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' '),
			});
			let colours = if sign == ' ' { (None, None) } else { (cell.ink, cell.ground) };
			if coloured && colours != last {
				text.push_str(RESET);
				colours.0.iter().for_each(|ink| text.push_str(&ink_code(*ink)));
				colours.1.iter().for_each(|ground| text.push_str(&ground_code(*ground)));
				last = colours;
			}
			text.push(sign);
		}
		if last != (None, None) {
			text.push_str(RESET);
		}
		text
	}
}

const RESET: &str = "\x1b[0m";

fn ink_code((red, green, blue): Colour) -> String {
	format!("\x1b[38;2;{red};{green};{blue}m")
}

fn ground_code((red, green, blue): Colour) -> String {
	format!("\x1b[48;2;{red};{green};{blue}m")
}

/// A text in a colour, if colours are wanted.
pub(super) fn painted(text: &str, ink: Colour, coloured: bool) -> String {
	match coloured {
		true => format!("{}{text}{RESET}", ink_code(ink)),
		false => text.into(),
	}
}
