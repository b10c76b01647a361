//! Allowed values of a field, and the enums that stand for them in code.
//!
//! Files, forms and imports read the table of a field ([`Choice`]); code that decides by a value
//! asks for the enum. Both come from one declaration, so neither can have what the other lacks.
//! The enums themselves stand beside the fields that hold them, in `kinds`.

use super::Text;

/// An allowed value: what is stored, and what a person reads.
#[derive(Debug, PartialEq)]
pub struct Choice {
    /// The word in files and in the database. Fixed for ever.
    pub key: &'static str,
    pub label: Text,
    /// Other spellings that mean the same.
    pub also: &'static [&'static str],
}

impl Choice {
    pub fn is_called(&self, word: &str) -> bool {
        self.key.eq_ignore_ascii_case(word)
            || self.label.zh == word
            || self.label.en.eq_ignore_ascii_case(word)
            || self.also.contains(&word)
    }

    pub(super) const fn new(key: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self { key, label: Text::new(zh, en), also: &[] }
    }

    pub(super) const fn also(mut self, words: &'static [&'static str]) -> Self {
        self.also = words;
        self
    }
}

/// Declares an enum with the table of its field: `Variant = choice(key, Chinese, English)`, a line a
/// value, in the order in which forms offer them. A macro, because a table of consts beside an enum
/// would name each value twice, and nothing would hold the two together.
///
/// `NAME of KIND "field"` adds `of`, `is_of` and `put`, which read and write that field of a record. An enum
/// without them is held by several fields, or by lists.
macro_rules! choices {
    ($(#[$meta:meta])* $name:ident $(of $kind:ident $field:literal)? {
        $($(#[$doc:meta])* $variant:ident = $row:expr,)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            pub const ALL: [Self; Self::CHOICES.len()] = [$(Self::$variant),+];
            /// The table of the field: a row a variant, in their order.
            pub const CHOICES: &'static [$crate::domain::Choice] = &[$($row),+];

            pub const fn choice(self) -> &'static $crate::domain::Choice {
                match self {
                    $(Self::$variant => &const { $row },)+
                }
            }

            /// As files and the database have it.
            pub const fn key(self) -> &'static str {
                self.choice().key
            }

            pub const fn label(self) -> $crate::domain::Text {
                self.choice().label
            }

            pub const fn value(self) -> $crate::domain::Value {
                $crate::domain::Value::Choice(self.key())
            }

            /// `None` for what is not a key of the table, nothing among it.
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.key() == key)
            }
        }

        $(
            impl $name {
                /// What a record says. `None` where it says nothing, and of any other kind of record.
                pub fn of(record: &$crate::domain::Record) -> Option<Self> {
                    let is_of_kind = record.kind == $crate::domain::Kind::$kind;
                    if is_of_kind { Self::from_key(record.text($field)) } else { None }
                }

                pub fn is_of(self, record: &$crate::domain::Record) -> bool {
                    Self::of(record) == Some(self)
                }

                /// Into the field of a record; nothing happens to any other kind of record.
                pub fn put(self, record: &mut $crate::domain::Record) {
                    if record.kind == $crate::domain::Kind::$kind {
                        record.set($field, Some(self.value()));
                    }
                }
            }
        )?
    };
}

pub(super) use choices;
