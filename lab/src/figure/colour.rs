//! Colours that stay apart for every kind of eye.

/// Red, green, blue.
pub(super) type Colour = (u8, u8, u8);

/// The palette of Okabe and Ito, without black and without its yellow, which white swallows.
const PALETTE: [Colour; 6] =
	[(0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (230, 159, 0), (86, 180, 233)];

/// A dark blue to a light yellow, evenly in lightness: the colours of viridis at its tenths.
const SCALE: [Colour; 11] = [
	(68, 1, 84),
	(72, 36, 117),
	(65, 68, 135),
	(53, 95, 141),
	(42, 120, 142),
	(33, 145, 140),
	(34, 168, 132),
	(68, 191, 112),
	(122, 209, 81),
	(189, 223, 38),
	(253, 231, 37),
];

/// The colour of one of so many series. More than the palette has are shades in order.
pub(super) fn series(index: usize, count: usize) -> Colour {
	match PALETTE.get(index) {
		Some(colour) if count <= PALETTE.len() => *colour,
		_ => scale(0.88 * index as f64 / (count.max(2) - 1) as f64),
	}
}

/// The colour of a share of a scale, from 0 to 1.
pub(super) fn scale(share: f64) -> Colour {
	let last = SCALE.len() - 1;
	let at = share.clamp(0.0, 1.0) * last as f64;
	let (from, to) = (SCALE[at as usize], SCALE[(at as usize + 1).min(last)]);
	let mix = |from: u8, to: u8| {
		(f64::from(from) + (f64::from(to) - f64::from(from)) * at.fract()).round() as u8
	};
	(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// Black or white, whichever can be read upon a colour.
pub(super) fn upon((red, green, blue): Colour) -> Colour {
	let light = 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue);
	match light > 140.0 {
		true => (0, 0, 0),
		false => (255, 255, 255),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_scale_grows_lighter_all_the_way() {
		let light = |share| {
			let (red, green, blue) = scale(share);
			0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue)
		};
		assert!((0..100)
			.all(|step| light(f64::from(step) / 100.0) <= light(f64::from(step + 1) / 100.0)));
	}

	#[test]
	fn no_two_series_share_a_colour() {
		for count in 1..20 {
			let mut colours: Vec<_> = (0..count).map(|index| series(index, count)).collect();
			colours.sort_unstable();
			colours.dedup();
			assert_eq!(colours.len(), count);
		}
	}
}
