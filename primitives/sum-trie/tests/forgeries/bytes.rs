//! The bytes of an opening.

use super::*;

fn decode(bytes: &[u8], limits: &Limits) -> Result<Multiproof, DecodeError> {
	Multiproof::decode_bounded(bytes, limits)
}

#[test]
fn cut_short() {
	let bytes = opened(&[5, 65]).encode();
	for length in 0..bytes.len() {
		assert!(decode(&bytes[..length], &LIMITS).is_err(), "{length}");
	}
}

#[test]
fn with_more_behind() {
	let mut bytes = opened(&[5]).encode();
	bytes.push(0);
	assert_eq!(decode(&bytes, &LIMITS), Err(DecodeError::TrailingBytes));
}

#[test]
fn a_shape_that_goes_on() {
	let mut raw = opened(&[5]);
	raw.shape.push(0);
	assert_eq!(raw.decode(), Err(DecodeError::BadShape));
}

#[test]
fn a_shape_whose_unused_bits_are_set() {
	let mut raw = opened(&[5]);
	*raw.shape.last_mut().unwrap() |= 1;
	assert_eq!(raw.decode(), Err(DecodeError::BadShape));
}

#[test]
fn a_shape_that_breaks_off() {
	for shape in ["", "1 11 1 11 1 1", "1 10 0 10 0 1", "1 00 1 00 1 0"] {
		let raw = Raw { shape: bits(shape), ..opened(&[5]) };
		assert_eq!(raw.decode(), Err(DecodeError::BadShape), "{shape}");
	}
}

#[test]
fn a_length_in_a_longer_form_than_needed() {
	let raw = opened(&[5]);
	let mut long = vec![0b01 | (raw.shape.len() as u8) << 2, 0];
	long.extend(&raw.encode()[1..]);
	assert_eq!(decode(&long, &LIMITS), Err(DecodeError::Malformed));
}

#[test]
fn lengths_that_nothing_follows() {
	for length in [1 << 20, u32::MAX] {
		assert_eq!(decode(&compact(length), &LIMITS), Err(DecodeError::Malformed));
	}
	// One opened leaf at the root, whose value claims to be long.
	let generous = Limits { max_value_len: u32::MAX, ..LIMITS };
	let bytes = [&bits("0").encode()[..], &compact(0), &compact(1), &compact(u32::MAX)].concat();
	assert_eq!(decode(&bytes, &generous), Err(DecodeError::Malformed));
	// Many nodes asked for by a long shape, and none given.
	let shape = bits(&["1 00 ".repeat(200), "0".into()].concat()).encode();
	assert_eq!(decode(&[&shape[..], &compact(200)].concat(), &LIMITS), Err(DecodeError::Malformed));
}

#[test]
fn more_leaves_than_allowed() {
	let bytes = opened(&[5, 65]).encode();
	assert!(decode(&bytes, &Limits { max_leaves: 2, ..LIMITS }).is_ok());
	let limits = Limits { max_leaves: 1, ..LIMITS };
	assert_eq!(decode(&bytes, &limits), Err(DecodeError::TooManyLeaves));
}

#[test]
fn deeper_than_allowed() {
	let bytes = opened(&[65]).encode();
	assert!(decode(&bytes, &Limits { max_depth: 4, ..LIMITS }).is_ok());
	let limits = Limits { max_depth: 3, ..LIMITS };
	assert_eq!(decode(&bytes, &limits), Err(DecodeError::TooDeep));
}

#[test]
fn deeper_than_a_path() {
	for inner in ["1 00 ", "1 11 "] {
		let raw = Raw { shape: bits(&inner.repeat(257)), nodes: vec![], values: vec![] };
		let limits = Limits { max_depth: u16::MAX, ..LIMITS };
		assert_eq!(decode(&raw.encode(), &limits), Err(DecodeError::TooDeep));
	}
	let chain = ["1 ", &"10 0 ".repeat(257)].concat();
	let raw = Raw { shape: bits(&chain), nodes: vec![], values: vec![] };
	assert_eq!(raw.decode(), Err(DecodeError::TooDeep));
}

#[test]
fn a_value_longer_than_allowed() {
	let bytes = opened(&[5]).encode();
	let length = leaves()[A].value.len() as u32;
	assert!(decode(&bytes, &Limits { max_value_len: length, ..LIMITS }).is_ok());
	let limits = Limits { max_value_len: length - 1, ..LIMITS };
	assert_eq!(decode(&bytes, &limits), Err(DecodeError::ValueTooLong));
}
