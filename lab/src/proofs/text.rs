//! Numbers for people.

/// `5,960` or `12.5`: with separators, and with at most so many digits behind the point.
pub fn amount(value: f64, digits: usize) -> String {
	let text = format!("{:.digits$}", value.abs());
	let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
	let mut grouped = String::new();
	for (index, digit) in whole.chars().enumerate() {
		if index > 0 && (whole.len() - index) % 3 == 0 {
			grouped.push(',');
		}
		grouped.push(digit);
	}
	let fraction = fraction.trim_end_matches('0');
	if !fraction.is_empty() {
		grouped = format!("{grouped}.{fraction}");
	}
	if value < 0.0 && grouped != "0" {
		grouped.insert(0, '-');
	}
	grouped
}

/// An amount with its sign, because it may be a gain or a loss.
pub fn gain(value: f64, digits: usize) -> String {
	match amount(value, digits) {
		text if text == "0" || text.starts_with('-') => text,
		text => format!("+{text}"),
	}
}

/// `63.40 %`; with more digits where there would be none but zeros, or none but nines.
pub fn percent(share: f64) -> String {
	let share = share * 100.0;
	let distance = share.abs().min((100.0 - share).abs());
	let digits = if distance == 0.0 || distance >= 0.1 { 2 } else { 4 };
	match share {
		0.0 => "0 %".into(),
		share if share.abs() < 1e-4 => format!("{share:.1e} %"),
		share => format!("{share:.digits$} %"),
	}
}

/// `10 %`, of what somebody has chosen.
pub fn chosen_percent(share: f64) -> String {
	format!("{} %", number(share * 100.0))
}

/// `0.01`, as short as it can be said.
pub fn number(value: f64) -> String {
	let rounded = (value * 1e9).round() / 1e9;
	match rounded {
		0.0 if value != 0.0 => format!("{value:.3e}"),
		rounded => format!("{rounded}"),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn amounts_are_grouped_and_short() {
		assert_eq!(amount(5_960.0, 2), "5,960");
		assert_eq!(amount(1_234_567.891, 2), "1,234,567.89");
		assert_eq!(amount(-12.5, 2), "-12.5");
		assert_eq!(amount(-0.001, 2), "0");
		assert_eq!(gain(3.0, 1), "+3");
		assert_eq!(gain(-3.0, 1), "-3");
		assert_eq!(gain(0.0, 1), "0");
	}

	#[test]
	fn shares_keep_the_digits_that_matter() {
		assert_eq!(percent(0.63397), "63.40 %");
		assert_eq!(percent(0.0), "0 %");
		assert_eq!(percent(1.0), "100.00 %");
		assert_eq!(percent(0.000_12), "0.0120 %");
		assert_eq!(percent(1e-9), "1.0e-7 %");
		assert_eq!(chosen_percent(0.07), "7 %");
		assert_eq!(number(0.01), "0.01");
		assert_eq!(number(1e-12), "1.000e-12");
	}
}
