//! Events, decoded by the chain's metadata.

use super::{AccountId32, Config, PALLET};
use anyhow::Result;
use capacity_protocol::{ApplicationIndex, Balance, SessionIndex, Units};
use scale_info::{form::PortableForm, PortableRegistry, Type, TypeDef, TypeDefPrimitive};
use serde_json::{Map, Value as Json};
use subxt::{
	events::{Events, Phase},
	ext::scale_value::{scale::decode_as_type, Composite, Primitive, Value, ValueDef},
	Metadata,
};

/// An event.
///
/// Fields are JSON: accounts as addresses, bytes in hexadecimal, amounts of money (all numbers of
/// 128 bits) as decimal strings, so that no reader rounds them, and other numbers as numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
	pub pallet: String,
	pub name: String,
	pub fields: Map<String, Json>,
	/// The transaction that it belongs to, by its place in the block; none for what the block does by
	/// itself.
	pub extrinsic: Option<u32>,
}

impl Event {
	/// Whether it is the oracle's event with this name.
	pub fn is_oracle(&self, name: &str) -> bool {
		self.pallet == PALLET && self.name == name
	}

	/// A number, if there is one by this name.
	pub fn number(&self, field: &str) -> Option<u128> {
		match self.fields.get(field)? {
			Json::Number(number) => number.as_u64().map(u128::from),
			Json::String(text) => text.parse().ok(),
			_ => None,
		}
	}

	/// An account, if there is one by this name.
	pub fn account(&self, field: &str) -> Option<AccountId32> {
		self.fields.get(field)?.as_str()?.parse().ok()
	}

	/// The session that it is about.
	pub fn session(&self) -> Option<SessionIndex> {
		self.number("session").and_then(|session| session.try_into().ok())
	}

	/// The supplier that it is about.
	pub fn supplier(&self) -> Option<AccountId32> {
		self.account("supplier")
	}

	/// The application that it is about.
	pub fn application(&self) -> Option<ApplicationIndex> {
		self.number("application").and_then(|application| application.try_into().ok())
	}

	/// The compute units that it is about.
	pub fn units(&self) -> Option<Units> {
		self.number("units").and_then(|units| units.try_into().ok())
	}
}

/// The sum of one field over all events with a name; to add up fees, what was minted, or burned.
pub fn amount_in(events: &[Event], pallet: &str, name: &str, field: &str) -> Balance {
	events
		.iter()
		.filter(|event| event.pallet == pallet && event.name == name)
		.filter_map(|event| event.number(field))
		.fold(0, Balance::saturating_add)
}

/// All events of a block.
pub(crate) fn decode(events: &Events<Config>, metadata: &Metadata) -> Result<Vec<Event>> {
	events
		.iter()
		.map(|event| {
			let event = event?;
			let variant = metadata
				.pallet_by_event_index(event.pallet_index())
				.and_then(|pallet| pallet.event_variant_by_index(event.event_index()));
			let mut bytes = event.field_bytes();
			let mut fields = Map::new();
			for (index, field) in
				variant.map_or(&[][..], |variant| &variant.fields).iter().enumerate()
			{
				let value = decode_as_type(&mut bytes, field.ty.id, metadata.types())?;
				let name = field.name.clone().unwrap_or_else(|| index.to_string());
				fields.insert(name, json(&value, metadata.types()));
			}
			Ok(Event {
				pallet: event.pallet_name().to_owned(),
				name: event.event_name().to_owned(),
				fields,
				extrinsic: match event.phase() {
					Phase::ApplyExtrinsic(index) => Some(index),
					_ => None,
				},
			})
		})
		.collect()
}

fn json(value: &Value<u32>, types: &PortableRegistry) -> Json {
	let kind = types.resolve(value.context);
	match &value.value {
		ValueDef::Composite(fields) if is_account(kind) => match bytes(fields) {
			Some(account) => account
				.try_into()
				.map_or(Json::Null, |account: [u8; 32]| AccountId32(account).to_string().into()),
			None => Json::Null,
		},
		ValueDef::Composite(fields) => composite(fields, kind, types),
		ValueDef::Variant(variant) => match (variant.name.as_str(), &variant.values) {
			("None", fields) if is_empty(fields) => Json::Null,
			("Some", Composite::Unnamed(fields)) if fields.len() == 1 => json(&fields[0], types),
			(name, fields) if is_empty(fields) => name.into(),
			(name, fields) => Json::Object(
				[(name.to_owned(), composite(fields, None, types))].into_iter().collect(),
			),
		},
		ValueDef::BitSequence(bits) => format!("{bits:?}").into(),
		ValueDef::Primitive(primitive) => match primitive {
			Primitive::Bool(value) => (*value).into(),
			Primitive::Char(value) => value.to_string().into(),
			Primitive::String(value) => value.clone().into(),
			Primitive::U128(number) => match u64::try_from(*number) {
				Ok(number) if !is_money(kind, types) => number.into(),
				_ => number.to_string().into(),
			},
			Primitive::I128(number) => match i64::try_from(*number) {
				Ok(number) => number.into(),
				Err(_) => number.to_string().into(),
			},
			Primitive::U256(bytes) | Primitive::I256(bytes) => hexadecimal(bytes),
		},
	}
}

fn composite(
	fields: &Composite<u32>,
	kind: Option<&Type<PortableForm>>,
	types: &PortableRegistry,
) -> Json {
	match fields {
		Composite::Named(fields) => Json::Object(
			fields.iter().map(|(name, value)| (name.clone(), json(value, types))).collect(),
		),
		Composite::Unnamed(values) => match bytes(fields) {
			Some(bytes) if is_bytes(kind, types) => hexadecimal(&bytes),
			_ if values.is_empty() && !is_list(kind) => Json::Null,
			// A wrapper of one value is as good as the value.
			_ if values.len() == 1 && !is_list(kind) => json(&values[0], types),
			_ => Json::Array(values.iter().map(|value| json(value, types)).collect()),
		},
	}
}

fn is_empty(fields: &Composite<u32>) -> bool {
	match fields {
		Composite::Named(fields) => fields.is_empty(),
		Composite::Unnamed(values) => values.is_empty(),
	}
}

fn hexadecimal(bytes: &[u8]) -> Json {
	format!("0x{}", hex::encode(bytes)).into()
}

/// The bytes that a value consists of, if it consists of bytes; wrappers do not matter.
fn bytes(fields: &Composite<u32>) -> Option<Vec<u8>> {
	let Composite::Unnamed(values) = fields else { return None };
	if let [Value { value: ValueDef::Composite(inner), .. }] = &values[..] {
		return bytes(inner);
	}
	let byte = |value: &Value<u32>| match value.value {
		ValueDef::Primitive(Primitive::U128(byte)) => u8::try_from(byte).ok(),
		_ => None,
	};
	values.iter().map(byte).collect()
}

fn is_account(kind: Option<&Type<PortableForm>>) -> bool {
	kind.and_then(|kind| kind.path.segments.last()).is_some_and(|name| name == "AccountId32")
}

fn is_list(kind: Option<&Type<PortableForm>>) -> bool {
	matches!(kind.map(|kind| &kind.type_def), Some(TypeDef::Array(_) | TypeDef::Sequence(_)))
}

fn is_bytes(kind: Option<&Type<PortableForm>>, types: &PortableRegistry) -> bool {
	let element = match kind.map(|kind| &kind.type_def) {
		Some(TypeDef::Array(array)) => array.type_param.id,
		Some(TypeDef::Sequence(sequence)) => sequence.type_param.id,
		Some(TypeDef::Composite(wrapper)) if wrapper.fields.len() == 1 => {
			return is_bytes(types.resolve(wrapper.fields[0].ty.id), types);
		}
		_ => return false,
	};
	is_primitive(types.resolve(element), TypeDefPrimitive::U8)
}

fn is_money(kind: Option<&Type<PortableForm>>, types: &PortableRegistry) -> bool {
	match kind.map(|kind| &kind.type_def) {
		Some(TypeDef::Compact(inner)) => is_money(types.resolve(inner.type_param.id), types),
		_ => is_primitive(kind, TypeDefPrimitive::U128),
	}
}

fn is_primitive(kind: Option<&Type<PortableForm>>, primitive: TypeDefPrimitive) -> bool {
	matches!(kind.map(|kind| &kind.type_def), Some(TypeDef::Primitive(found)) if *found == primitive)
}

#[cfg(test)]
mod tests {
	use super::*;
	use codec::Encode;
	use scale_info::{MetaType, Registry, TypeInfo};

	/// What the metadata would make of a value.
	fn shown<T: Encode + TypeInfo + 'static>(value: T) -> Json {
		let mut registry = Registry::new();
		let id = registry.register_type(&MetaType::new::<T>()).id;
		let types = PortableRegistry::from(registry);
		json(&decode_as_type(&mut &value.encode()[..], id, &types).unwrap(), &types)
	}

	#[derive(Encode, TypeInfo)]
	struct AccountId32([u8; 32]);

	#[derive(Encode, TypeInfo)]
	struct Hash([u8; 32]);

	#[derive(Encode, TypeInfo)]
	enum Reason {
		NoSeed,
		Because { units: u64 },
	}

	#[test]
	fn money_is_text_and_other_numbers_are_numbers() {
		assert_eq!(shown(5u128), "5");
		assert_eq!(shown(codec::Compact(5u128)), "5");
		assert_eq!(shown(5u64), 5);
	}

	#[test]
	fn accounts_are_addresses() {
		let bob = subxt_signer::sr25519::dev::bob().public_key().to_account_id();
		assert_eq!(shown(AccountId32(bob.0)), bob.to_string());
	}

	#[test]
	fn bytes_are_hexadecimal_even_in_a_wrapper() {
		assert_eq!(shown(vec![1u8, 2]), "0x0102");
		assert_eq!(shown(Hash([1; 32])), format!("0x{}", "01".repeat(32)));
		assert_eq!(shown(vec![1u32, 2]), serde_json::json!([1, 2]));
		assert_eq!(shown(vec![3u32]), serde_json::json!([3]));
	}

	#[test]
	fn options_and_variants_read_naturally() {
		assert_eq!(shown(None::<u32>), Json::Null);
		assert_eq!(shown(Some(4u32)), 4);
		assert_eq!(shown(Ok::<(), u32>(())), serde_json::json!({"Ok": null}));
		assert_eq!(shown(Reason::NoSeed), "NoSeed");
		assert_eq!(
			shown(Reason::Because { units: 3 }),
			serde_json::json!({"Because": {"units": 3}})
		);
	}

	fn fee(actual: &str) -> Event {
		let fields = serde_json::json!({"actual_fee": actual, "tip": "0"});
		Event {
			pallet: "TransactionPayment".into(),
			name: "TransactionFeePaid".into(),
			fields: fields.as_object().unwrap().clone(),
			extrinsic: Some(1),
		}
	}

	#[test]
	fn fees_add_up() {
		let events = [fee("10"), fee("20")];
		let sum = |name| amount_in(&events, "TransactionPayment", name, "actual_fee");
		assert_eq!(sum("TransactionFeePaid"), 30);
		assert_eq!(sum("Other"), 0);
	}
}
