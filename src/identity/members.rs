//! JSON whose objects name each member once (RFC 7519 §4 lets a verifier refuse doubled claims: we do, and in
//! headers, keys and registry files too, so that no two readers can disagree on which of the two counts).

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A JSON value without a doubled member at any depth.
#[derive(Clone, Debug, PartialEq)]
pub struct Strict(pub Value);

/// Reads one JSON object and nothing after it. `Err` says what is wrong and where, for a log or an operator.
pub fn strict_object(json: &[u8]) -> Result<Map<String, Value>, String> {
    match serde_json::from_slice::<Strict>(json) {
        Ok(Strict(Value::Object(members))) => Ok(members),
        Ok(_) => Err("expected a JSON object".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!("member `{name}` is given twice")));
            }
            let Strict(value) = members.next_value()?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubled_member_is_refused_at_any_depth_and_however_it_is_written() {
        for json in [
            r#"{"iss":"a","iss":"a"}"#,
            r#"{"iss":"a","\u0069ss":"b"}"#,
            r#"{"a":{"b":1,"b":2}}"#,
            r#"{"a":[{"b":1,"b":2}]}"#,
        ] {
            assert!(strict_object(json.as_bytes()).is_err_and(|why| why.contains("twice")), "{json}");
        }
    }

    #[test]
    fn only_one_whole_object_is_read() {
        for json in ["", "null", "[]", "\"a\"", "{} {}", "{}x", "{\"a\":1", "{\"a\":1e999}", "\u{feff}{}"] {
            assert!(strict_object(json.as_bytes()).is_err(), "{json}");
        }
        assert!(strict_object(b"{\"a\":\"\xff\"}").is_err());
        let nested = format!("{{\"a\":{}{}}}", "[".repeat(2000), "]".repeat(2000));
        assert!(strict_object(nested.as_bytes()).is_err(), "nesting is bounded");
    }

    #[test]
    fn values_are_kept_as_they_are() {
        let members = strict_object(br#" {"a":[1,-2,0.5,true,null,"x"],"b":{"c":1}} "#).unwrap();
        assert_eq!(Value::Object(members), serde_json::json!({"a":[1,-2,0.5,true,null,"x"],"b":{"c":1}}));
    }
}
