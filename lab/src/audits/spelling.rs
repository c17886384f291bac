//! Options as somebody would type them, for captions that say how a figure was made.

use crate::{number::Float, Values};

/// A single value or a list, or the shortest range that gives the same values.
pub(crate) fn values(values: &Values) -> String {
	let all: Vec<String> = values.all().iter().map(|value| value.float().to_string()).collect();
	let (count, list) = (all.len(), all.join(","));
	let ranges = match (all.first(), all.last()) {
		(Some(first), Some(last)) if count > 2 => {
			[":", "x"].map(|sign| format!("{first}..{last}{sign}{count}"))
		}
		_ => return list,
	};
	let same = |range: &String| range.parse::<Values>().is_ok_and(|read| read == *values);
	ranges.into_iter().filter(same).chain([list]).min_by_key(String::len).unwrap_or_default()
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn values_are_spelled_as_they_were_typed() {
		for text in ["2", "0.017,0.034", "1.5,2,4,3", "0..32:100", "1.1..3:100", "1..1000x5"] {
			assert_eq!(values(&text.parse().unwrap()), text);
		}
	}
}
