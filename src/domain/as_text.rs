//! Days and moments in JSON: as text, which the library that reckons with them does not do by itself.

use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize as _, Deserializer, Serializer};

fn parsed<T: FromStr<Err: Display>, E: serde::de::Error>(text: &str) -> Result<T, E> {
    text.parse().map_err(E::custom)
}

/// For `#[serde(with)]`.
pub fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

/// For `#[serde(with)]`.
pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
    from: D,
) -> Result<T, D::Error> {
    parsed(&String::deserialize(from)?)
}

/// Of what may be missing.
pub mod option {
    use super::{Deserializer, Display, FromStr, Serializer, parsed};
    use serde::{Deserialize as _, Serialize as _};

    /// For `#[serde(with)]`.
    #[expect(clippy::ref_option, reason = "serde hands it on so")]
    pub fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(ToString::to_string).serialize(to)
    }

    /// For `#[serde(with)]`.
    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        Option::<String>::deserialize(from)?.map(|text| parsed(&text)).transpose()
    }
}

/// Of lists.
pub mod list {
    use super::{Deserializer, Display, FromStr, Serializer, parsed};
    use serde::Deserialize as _;

    /// For `#[serde(with)]`.
    pub fn serialize<T: Display, S: Serializer>(value: &[T], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(value.iter().map(ToString::to_string))
    }

    /// For `#[serde(with)]`.
    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<T>, D::Error> {
        Vec::<String>::deserialize(from)?.iter().map(|text| parsed(text)).collect()
    }
}

/// Of lists of pairs.
pub mod pairs {
    use super::{Deserializer, Display, FromStr, Serializer, parsed};
    use serde::Deserialize as _;

    /// For `#[serde(with)]`.
    pub fn serialize<T: Display, S: Serializer>(
        value: &[[T; 2]],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(value.iter().map(|pair| [pair[0].to_string(), pair[1].to_string()]))
    }

    /// For `#[serde(with)]`.
    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<[T; 2]>, D::Error> {
        let pairs = Vec::<[String; 2]>::deserialize(from)?;
        pairs.iter().map(|[from, to]| Ok([parsed(from)?, parsed(to)?])).collect()
    }
}
