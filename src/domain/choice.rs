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
    /// Whether a word means it: its key, a label or another spelling; letter case does not matter.
    pub fn is_called(&self, word: &str) -> bool {
        self.key.eq_ignore_ascii_case(word)
            || self.label.zh == word
            || self.label.en.eq_ignore_ascii_case(word)
            || self.also.contains(&word)
    }

    /// With no other spellings.
    pub(super) const fn new(key: &'static str, zh: &'static str, en: &'static str) -> Self {
        Self { key, label: Text::new(zh, en), also: &[] }
    }

    /// With spellings that files use too.
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
            /// In the order of lists.
            pub const ALL: [Self; Self::CHOICES.len()] = [$(Self::$variant),+];
            /// The table of the field: a row a variant, in their order.
            pub const CHOICES: &'static [$crate::domain::Choice] = &[$($row),+];

            /// Its row of the table.
            pub const fn choice(self) -> &'static $crate::domain::Choice {
                match self {
                    $(Self::$variant => &const { $row },)+
                }
            }

            /// As files and the database have it.
            pub const fn key(self) -> &'static str {
                self.choice().key
            }

            /// What a person reads.
            pub const fn label(self) -> $crate::domain::Text {
                self.choice().label
            }

            /// As a field holds it.
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
                /// The kind of record and the field of it that hold this.
                pub const FIELD: ($crate::domain::Kind, &'static str) =
                    ($crate::domain::Kind::$kind, $field);

                /// What a record says. `None` where it says nothing, and of any other kind of record.
                pub fn of(record: &$crate::domain::Record) -> Option<Self> {
                    let (kind, field) = Self::FIELD;
                    if record.kind == kind { Self::from_key(record.text(field)) } else { None }
                }

                /// Whether a record says this.
                pub fn is_of(self, record: &$crate::domain::Record) -> bool {
                    Self::of(record) == Some(self)
                }

                /// Into the field of a record; nothing happens to any other kind of record.
                pub fn put(self, record: &mut $crate::domain::Record) {
                    let (kind, field) = Self::FIELD;
                    if record.kind == kind {
                        record.set(field, Some(self.value()));
                    }
                }
            }
        )?
    };
}

pub(super) use choices;

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::domain::{
        AlarmPollutant, AreaRole, BasisRole, ClockStart, CongestionCause, ControlPointLevel,
        ControlPointState, DecisionState, EpisodeFamily, EpisodeState, FalseCause, FlowSource,
        GateRole, Ids, Kind, MeetingState, NoticeForm, Oneway, OrderKind, OrderState, PenForm,
        PenTone, PlanState, Record, RoadClass, SiteKind, Stamp, Value,
    };

    #[test]
    fn the_table_of_a_field_is_that_of_its_enum() {
        for ((kind, field), choices) in [
            (AlarmPollutant::FIELD, AlarmPollutant::CHOICES),
            (AreaRole::FIELD, AreaRole::CHOICES),
            (BasisRole::FIELD, BasisRole::CHOICES),
            (ClockStart::FIELD, ClockStart::CHOICES),
            (CongestionCause::FIELD, CongestionCause::CHOICES),
            (ControlPointLevel::FIELD, ControlPointLevel::CHOICES),
            (ControlPointState::FIELD, ControlPointState::CHOICES),
            (DecisionState::FIELD, DecisionState::CHOICES),
            (EpisodeFamily::FIELD, EpisodeFamily::CHOICES),
            (EpisodeState::FIELD, EpisodeState::CHOICES),
            (FalseCause::FIELD, FalseCause::CHOICES),
            (FlowSource::FIELD, FlowSource::CHOICES),
            (GateRole::FIELD, GateRole::CHOICES),
            (MeetingState::FIELD, MeetingState::CHOICES),
            (NoticeForm::FIELD, NoticeForm::CHOICES),
            (Oneway::FIELD, Oneway::CHOICES),
            (OrderKind::FIELD, OrderKind::CHOICES),
            (OrderState::FIELD, OrderState::CHOICES),
            (PenForm::FIELD, PenForm::CHOICES),
            (PenTone::FIELD, PenTone::CHOICES),
            (PlanState::FIELD, PlanState::CHOICES),
            (RoadClass::FIELD, RoadClass::CHOICES),
            (SiteKind::FIELD, SiteKind::CHOICES),
        ] {
            let field = kind.field(field).unwrap();
            assert_eq!(field.choices(), Some(choices), "{kind} {}", field.key);
        }
    }

    #[test]
    fn a_value_is_read_back_and_nothing_said_is_none() {
        let stamp = Stamp { actor: "甲".into(), at: Timestamp::UNIX_EPOCH };
        let mut ids = Ids::new(stamp.at, 1);
        let mut order = Record::new(ids.next(), Kind::Restriction, &stamp);
        assert_eq!(OrderState::of(&order), None);
        for state in OrderState::ALL {
            state.put(&mut order);
            assert!(state.is_of(&order));
            assert_eq!(OrderState::CHOICES[state as usize], *state.choice());
        }
        assert_eq!(order.get("state"), Some(&Value::Choice("废止")));
        let mut plan = Record::new(ids.next(), Kind::Plan, &stamp);
        PlanState::Draft.put(&mut plan);
        assert_eq!(OrderState::of(&plan), None, "草案 of a plan is not that of an order");
        assert_eq!(OrderState::from_key("in force"), None, "a label is no key");
    }
}
