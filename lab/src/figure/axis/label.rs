//! How values are written beside an axis.

use super::ten;

/// Digits behind the point that multiples of a step need.
pub(super) fn digits_of(step: f64) -> usize {
	let needs = |digits: &i32| {
		let scaled = step * ten(*digits);
		(scaled - scaled.round()).abs() < 1e-6 * scaled
	};
	(0..12).find(needs).unwrap_or(12) as usize
}

/// With thousands apart; in powers of ten where `largest` has too many digits.
pub(super) fn plain(value: f64, digits: usize, largest: f64) -> String {
	let value = if value.abs() < largest * 1e-9 { 0.0 } else { value };
	if largest >= 1e7 && value != 0.0 {
		let power = value.abs().log10().floor() as i32;
		let mantissa = value / ten(power);
		let digits = digits_of(mantissa.abs()).min(2);
		return format!("{mantissa:.digits$}·10{}", raised(power)).replace("1·10", "10");
	}
	apart(&format!("{value:.digits$}"))
}

/// A value on its own, to about three digits.
pub(in crate::figure) fn short(value: f64) -> String {
	if value == 0.0 || !value.is_finite() {
		return format!("{value}");
	}
	let power = (value.abs().log10() + 1e-9).floor() as i32;
	let digits = usize::try_from(2 - power).unwrap_or(0);
	if (-4..=6).contains(&power) {
		let text = format!("{value:.digits$}");
		let text = match text.contains('.') {
			true => text.trim_end_matches('0').trim_end_matches('.'),
			false => &text,
		};
		return apart(text);
	}
	let mantissa = format!("{:.1}", value / ten(power));
	match mantissa.trim_end_matches('0').trim_end_matches('.') {
		"1" => format!("10{}", raised(power)),
		"-1" => format!("−10{}", raised(power)),
		mantissa => format!("{}·10{}", apart(mantissa), raised(power)),
	}
}

/// Commas between thousands, and a minus that is as wide as a digit.
fn apart(text: &str) -> String {
	let (sign, text) = match text.strip_prefix('-') {
		Some(rest) => ("−", rest),
		None => ("", text),
	};
	let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
	let mut grouped = String::new();
	for (index, digit) in whole.chars().enumerate() {
		if index > 0 && (whole.len() - index) % 3 == 0 {
			grouped.push(',');
		}
		grouped.push(digit);
	}
	format!("{sign}{grouped}{fraction}")
}

fn raised(power: i32) -> String {
	let raise = |digit: char| match digit {
		'-' => '⁻',
		digit => {
			"⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10).unwrap_or(0) as usize).unwrap_or(digit)
		}
	};
	power.to_string().chars().map(raise).collect()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn values_are_written_as_people_do() {
		let cases = [(0.0245, "0.0245"), (1980.0, "1,980"), (1e-9, "10⁻⁹"), (-2.5e8, "−2.5·10⁸")];
		for (value, text) in cases {
			assert_eq!(short(value), text);
		}
	}
}
