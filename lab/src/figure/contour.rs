//! Lines of equal value through a grid of values.

use std::collections::BTreeMap;

/// A line through places of a grid.
pub(super) type Path = Vec<(f64, f64)>;

/// A side of a cell: between the grid point `(column, row)` and the next to its right or above it.
type Side = (usize, usize, bool);

/// Where the value passes `level`, interpolated between neighbours. Values are given row by row.
pub(super) fn contour(xs: &[f64], ys: &[f64], values: &[f64], level: f64) -> Vec<Path> {
	let columns = xs.len();
	let at = |column: usize, row: usize| values.get(row * columns + column).copied();
	let mut links: BTreeMap<Side, Vec<Side>> = BTreeMap::new();
	for row in 1..ys.len() {
		for column in 1..columns {
			let (left, below) = (column - 1, row - 1);
			let corners = [at(left, below), at(column, below), at(column, row), at(left, row)]
				.map(|corner| corner.filter(|value| value.is_finite()));
			let [Some(a), Some(b), Some(c), Some(d)] = corners else {
				continue;
			};
			let sides = [
				(a, b, (left, below, false)),
				(b, c, (column, below, true)),
				(c, d, (left, row, false)),
				(d, a, (left, below, true)),
			];
			let crossed: Vec<Side> = sides
				.into_iter()
				.filter(|(from, to, _)| (*from >= level) != (*to >= level))
				.map(|(_, _, side)| side)
				.collect();
			let mut link = |from: Side, to: Side| {
				links.entry(from).or_default().push(to);
				links.entry(to).or_default().push(from);
			};
			match crossed[..] {
				[from, to] => link(from, to),
				// A saddle: the middle of the cell belongs to one pair of corners or the other.
				[below, right, above, left] => {
					if ((a + b + c + d) / 4.0 >= level) == (a >= level) {
						link(below, right);
						link(above, left);
					} else {
						link(below, left);
						link(right, above);
					}
				}
				_ => {}
			}
		}
	}
	let point = |(column, row, up): Side| {
		let (right, above) = if up { (column, row + 1) } else { (column + 1, row) };
		let from = at(column, row).unwrap_or(level);
		let to = at(right, above).unwrap_or(level);
		let share = if to == from { 0.5 } else { (level - from) / (to - from) };
		let between = |from: f64, to: f64| from + (to - from) * share;
		(between(xs[column], xs[right]), between(ys[row], ys[above]))
	};
	let paths = chains(links).into_iter();
	paths.map(|sides| sides.into_iter().map(point).collect()).collect()
}

/// Links joined end to end. Open chains first, so that none is begun in its middle.
fn chains(mut links: BTreeMap<Side, Vec<Side>>) -> Vec<Vec<Side>> {
	let ends = links.iter().filter(|(_, next)| next.len() == 1).map(|(side, _)| *side);
	let starts: Vec<Side> = ends.chain(links.keys().copied()).collect();
	let mut chains = Vec::new();
	for start in starts {
		let mut chain = vec![start];
		let mut here = start;
		while let Some(next) = links.get_mut(&here).and_then(Vec::pop) {
			if let Some(back) = links.get_mut(&next) {
				if let Some(index) = back.iter().position(|side| *side == here) {
					back.remove(index);
				}
			}
			chain.push(next);
			here = next;
		}
		if chain.len() > 1 {
			chains.push(chain);
		}
	}
	chains
}

#[cfg(test)]
mod tests {
	use super::*;

	const AXIS: [f64; 21] = {
		let mut axis = [0.0; 21];
		let mut index = 0;
		while index < 21 {
			axis[index] = index as f64 / 10.0 - 1.0;
			index += 1;
		}
		axis
	};

	fn grid(value: impl Fn(f64, f64) -> f64) -> Vec<f64> {
		AXIS.iter().flat_map(|y| AXIS.iter().map(|x| value(*x, *y)).collect::<Vec<_>>()).collect()
	}

	#[test]
	fn a_plane_is_cut_in_one_straight_line() {
		let paths = contour(&AXIS, &AXIS, &grid(|x, y| x + 2.0 * y), 0.25);
		assert_eq!(paths.len(), 1);
		assert!(paths[0].iter().all(|(x, y)| (x + 2.0 * y - 0.25).abs() < 1e-9));
	}

	#[test]
	fn a_hill_is_cut_in_a_ring() {
		let paths = contour(&AXIS, &AXIS, &grid(|x, y| x * x + y * y), 0.25);
		assert_eq!(paths.len(), 1);
		assert_eq!(paths[0].first(), paths[0].last());
		assert!(paths[0].iter().all(|(x, y)| (x.hypot(*y) - 0.5).abs() < 0.02));
	}

	#[test]
	fn a_saddle_is_cut_in_two() {
		assert_eq!(contour(&AXIS, &AXIS, &grid(|x, y| x * y), 0.1).len(), 2);
	}

	#[test]
	fn what_has_no_value_is_left_out() {
		let hole = grid(|x, y| if x > 0.0 { f64::NAN } else { y });
		let paths = contour(&AXIS, &AXIS, &hole, 0.05);
		assert!(!paths.is_empty() && paths.iter().flatten().all(|(x, _)| *x <= 0.0));
	}
}
