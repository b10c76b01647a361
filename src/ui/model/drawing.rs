//! What a drawing is and what it can become, and what the pen of a meeting draws.

use crate::domain::{AreaRole, Choice, Field, Kind, OrderKind, PenForm, PenTone, SiteKind, Text};

/// What a drawing is as a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Point,
    Line,
    Area,
}

impl Form {
    /// Vertices without which a part is nothing.
    pub const fn least(self) -> usize {
        match self {
            Self::Point => 1,
            Self::Line => 2,
            Self::Area => 3,
        }
    }

    /// The word for it in drafts.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Line => "line",
            Self::Area => "area",
        }
    }

    /// The form with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Point, Self::Line, Self::Area].into_iter().find(|form| form.key() == key)
    }
}

/// What a drawing can become: a kind, and what it says of itself there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Making {
    pub kind: Kind,
    /// Of the field `kind` or `role`.
    pub choice: Option<&'static str>,
}

impl Making {
    /// Everything that a drawing of this form can become, the usual first.
    pub fn all(form: Form) -> Vec<Self> {
        let kinds: &[Kind] = match form {
            Form::Point => &[Kind::Site, Kind::ControlPoint, Kind::Camera, Kind::Gate],
            Form::Line => &[Kind::Restriction, Kind::Road, Kind::Congestion, Kind::Sweeping],
            Form::Area => &[Kind::Area, Kind::Site, Kind::Restriction],
        };
        let each = kinds.iter().flat_map(|kind| {
            // A turn is banned by a tool of its own.
            let is_drawn = |choice: &&Choice| {
                *kind != Kind::Restriction || choice.key != OrderKind::NoTurn.key()
            };
            let choices = drawn_as(*kind);
            let made = choices
                .iter()
                .filter(is_drawn)
                .map(|choice| Self { kind: *kind, choice: Some(choice.key) });
            let plain = choices.is_empty().then_some(Self { kind: *kind, choice: None });
            made.chain(plain)
        });
        each.collect()
    }

    /// What a person calls it.
    pub fn words(self) -> Text {
        let choice = drawn_as(self.kind).iter().find(|c| Some(c.key) == self.choice);
        choice.map_or_else(|| self.kind.label(), |choice| choice.label)
    }

    /// Of which kind the order is that it makes.
    pub fn order_kind(self) -> Option<OrderKind> {
        self.choice.filter(|_| self.kind == Kind::Restriction).and_then(OrderKind::from_key)
    }

    /// What a drawing of this form becomes where nothing is chosen.
    pub const fn usual(form: Form) -> Self {
        match form {
            Form::Point => Self { kind: Kind::Site, choice: Some(SiteKind::Construction.key()) },
            Form::Line => Self { kind: Kind::Restriction, choice: Some(OrderKind::NoEntry.key()) },
            Form::Area => Self { kind: Kind::Area, choice: Some(AreaRole::Grid.key()) },
        }
    }
}

/// The subkinds that the tool offers, one by one; of other kinds the card is asked.
fn drawn_as(kind: Kind) -> &'static [Choice] {
    let is_told = matches!(
        kind,
        Kind::Area | Kind::Gate | Kind::ControlPoint | Kind::Site | Kind::Restriction
    );
    kind.subkind().filter(|_| is_told).and_then(Field::choices).unwrap_or_default()
}

/// With what the pen draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PenChoice {
    /// `None` is the eraser.
    pub form: Option<PenForm>,
    pub tone: PenTone,
}

impl Default for PenChoice {
    fn default() -> Self {
        Self { form: Some(PenForm::Freehand), tone: PenTone::Act }
    }
}
