//! The kinds of record and their fields: what card, table, import, export, store and the JSON schema
//! are made from. What each kind has stands in `kinds`, a file for kinds that belong together.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde_json::{Value as Json, json};

use super::{Choice, Text, kinds};

/// What is to be said of a kind of record: everything else that deals with kinds reads it here.
pub(super) struct Definition {
    /// The name of the layer in files and of its table in the database. Fixed for ever.
    pub key: &'static str,
    pub label: Text,
    pub shape: Shape,
    pub has_place: bool,
    /// The key of the field that says what a record is within its layer; empty where none does.
    pub subkind: &'static str,
    pub fields: &'static [Field],
}

/// Declares the kinds, a line each, in the order of layers in lists and files.
macro_rules! kinds {
    ($($kind:ident = $definition:ident,)+) => {
        /// The kinds of record that a district file holds; each is one layer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($kind,)+
        }

        impl Kind {
            /// In the order of layers in lists and files.
            pub const ALL: [Self; [$(kinds::$definition.key),+].len()] = [$(Self::$kind),+];

            const fn definition(self) -> &'static Definition {
                match self {
                    $(Self::$kind => &kinds::$definition,)+
                }
            }
        }
    };
}

kinds! {
    ControlPoint = CONTROL_POINT,
    Site = SITE,
    Road = ROAD,
    Congestion = CONGESTION,
    Sweeping = SWEEPING,
    Restriction = RESTRICTION,
    Camera = CAMERA,
    Area = AREA,
    Gate = GATE,
    Flow = FLOW,
    Plan = PLAN,
    LegalBasis = LEGAL_BASIS,
    Meeting = MEETING,
    Decision = DECISION,
    Scene = SCENE,
    PenMark = PEN_MARK,
    Sprint = SPRINT,
    WeatherStation = WEATHER_STATION,
    Delivery = DELIVERY,
    Item = ITEM,
    Duty = DUTY,
    Escalation = ESCALATION,
    CheckPlan = CHECK_PLAN,
    Check = CHECK,
    Episode = EPISODE,
    AlarmRule = ALARM_RULE,
    Forecast = FORECAST,
    Response = RESPONSE,
    ResponseMeasure = RESPONSE_MEASURE,
}

/// Which geometry a kind takes. A single part and a collection of such parts are both welcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Point,
    PointOrPolygon,
    Line,
    LineOrPolygon,
    Polygon,
    Any,
}

/// One field of a kind: the row of the table that files, forms and checks are made from.
#[derive(Debug)]
pub struct Field {
    /// The name in files, the database and JSON. Fixed for ever.
    pub key: &'static str,
    pub ty: FieldType,
    /// Empty where the value has no unit.
    pub unit: &'static str,
    pub label: Text,
    /// Other column names under which offices deliver it.
    pub also: &'static [&'static str],
    /// The site kinds that have this field; empty where all have it.
    pub of: &'static [&'static str],
}

/// What a field can hold; a value says which with [`super::Value`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldType {
    Text,
    Phone,
    /// Opening-hours syntax of OpenStreetMap: `Mo-Fr 07:00-19:00`.
    Hours,
    Integer {
        min: i64,
        max: i64,
    },
    Real {
        min: f64,
        max: f64,
    },
    Boolean,
    Date,
    /// Exactly one of these.
    Choice(&'static [Choice]),
    /// Any number of these.
    Choices(&'static [Choice]),
    /// Free words, several.
    Words,
    /// Several numbers.
    Reals {
        min: f64,
        max: f64,
    },
}

impl Kind {
    /// The name of the layer in files and of its table in the database.
    pub const fn key(self) -> &'static str {
        self.definition().key
    }

    /// What a person calls the layer.
    pub const fn label(self) -> Text {
        self.definition().label
    }

    /// Which geometry its records may have.
    pub const fn shape(self) -> Shape {
        self.definition().shape
    }

    /// Whether a record of this kind should lie somewhere. A flow is between two places, not in one;
    /// plans, acts, and what belongs to meetings and sprints is nowhere.
    pub const fn has_place(self) -> bool {
        self.definition().has_place
    }

    /// Whether people and files bring records of this kind. Deliveries are made by the program, with the
    /// readings that belong to them; episodes when a rule fires, rules of alarms on their page, and
    /// forecasts by whoever makes them, because their record says who and when.
    pub const fn is_brought(self) -> bool {
        !matches!(self, Self::Delivery | Self::Episode | Self::AlarmRule | Self::Forecast)
    }

    /// The field that says what a record is within its layer: the kind of a site, the class of a
    /// road. `None` where none does.
    pub fn subkind(self) -> Option<&'static Field> {
        self.field(self.definition().subkind)
    }

    /// All fields, in the order in which tables and files show them.
    pub const fn fields(self) -> &'static [Field] {
        self.definition().fields
    }

    /// `None` where the kind has no such field.
    pub fn field(self, key: &str) -> Option<&'static Field> {
        self.fields().get(usize::from(self.index_of(key)?))
    }

    /// The position of a field in [`Kind::fields`]. Asked several times of each record, so it is
    /// looked up and not searched for.
    pub fn index_of(self, key: &str) -> Option<u8> {
        static PLACES: OnceLock<Vec<FxHashMap<&str, u8>>> = OnceLock::new();
        let places = PLACES.get_or_init(|| {
            let of = |kind: Self| (0_u8..).zip(kind.fields()).map(|(at, field)| (field.key, at));
            Self::ALL.into_iter().map(|kind| of(kind).collect()).collect()
        });
        places.get(self as usize)?.get(key).copied()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// A word that names no kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no layer `{0}`; the layers are {known}", known = Kind::ALL.map(Kind::key).join(", "))]
pub struct UnknownKind(pub String);

impl FromStr for Kind {
    type Err = UnknownKind;

    /// By key or by Chinese label; a plural `s` is forgiven.
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let name = text.trim();
        Self::ALL
            .into_iter()
            .find(|kind| {
                name == kind.key()
                    || name.strip_suffix('s') == Some(kind.key())
                    || name == kind.label().zh
            })
            .ok_or_else(|| UnknownKind(name.to_owned()))
    }
}

impl Field {
    /// Whether a site of a kind has the field. Sites without a kind have those of all.
    pub fn is_of(&self, site_kind: Option<&str>) -> bool {
        self.of.is_empty() || site_kind.is_some_and(|kind| self.of.contains(&kind))
    }

    /// The table of a field of choice, of one or of several.
    pub const fn choices(&self) -> Option<&'static [Choice]> {
        match self.ty {
            FieldType::Choice(choices) | FieldType::Choices(choices) => Some(choices),
            _ => None,
        }
    }
}

/// All kinds as one JSON Schema (draft 2020-12): a definition a kind, with units and labels.
pub fn json_schema() -> Json {
    let definitions: serde_json::Map<String, Json> =
        Kind::ALL.into_iter().map(|kind| (kind.key().to_owned(), kind_schema(kind))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:shapan:district:1",
        "title": "Shapan district records",
        "description": "Properties of each layer of a district file. Positions are WGS-84 longitude, latitude in degrees.",
        "$defs": definitions,
        "oneOf": Kind::ALL.map(|kind| json!({ "$ref": format!("#/$defs/{}", kind.key()) })),
    })
}

fn kind_schema(kind: Kind) -> Json {
    let properties: serde_json::Map<String, Json> =
        kind.fields().iter().map(|field| (field.key.to_owned(), field_schema(field))).collect();
    let geometry: &[&str] = match kind.shape() {
        Shape::Point => &["Point"],
        Shape::PointOrPolygon => &["Point", "Polygon", "MultiPolygon"],
        Shape::Line => &["LineString", "MultiLineString"],
        Shape::LineOrPolygon => &["LineString", "MultiLineString", "Polygon", "MultiPolygon"],
        Shape::Polygon => &["Polygon", "MultiPolygon"],
        Shape::Any => &["Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"],
    };
    json!({
        "type": "object",
        "title": kind.label().zh,
        "description": kind.label().en,
        "x-geometry": geometry,
        "properties": properties,
        "required": ["name"],
        "additionalProperties": true,
    })
}

fn field_schema(field: &Field) -> Json {
    let mut schema = type_schema(field);
    if let Json::Object(schema) = &mut schema {
        schema.insert("title".into(), field.label.zh.into());
        schema.insert("description".into(), field.label.en.into());
        if !field.unit.is_empty() {
            schema.insert("x-unit".into(), field.unit.into());
        }
        if !field.of.is_empty() {
            schema.insert("x-site-kinds".into(), json!(field.of));
        }
        if let Some(choices) = field.choices() {
            let labels: serde_json::Map<String, Json> = choices
                .iter()
                .map(|choice| (choice.key.to_owned(), choice.label.zh.into()))
                .collect();
            schema.insert("x-labels".into(), Json::Object(labels));
        }
    }
    schema
}

fn type_schema(field: &Field) -> Json {
    let keys =
        |choices: &[Choice]| choices.iter().map(|choice| choice.key).collect::<Vec<&'static str>>();
    match field.ty {
        FieldType::Text => json!({ "type": "string" }),
        FieldType::Phone => json!({ "type": "string", "format": "phone" }),
        FieldType::Hours => json!({ "type": "string", "format": "opening-hours" }),
        FieldType::Integer { min, max } => {
            json!({ "type": "integer", "minimum": min, "maximum": max })
        }
        FieldType::Real { min, max } => json!({ "type": "number", "minimum": min, "maximum": max }),
        FieldType::Boolean => json!({ "type": "boolean" }),
        FieldType::Date => json!({ "type": "string", "format": "date" }),
        FieldType::Choice(choices) => json!({ "type": "string", "enum": keys(choices) }),
        FieldType::Choices(choices) => {
            json!({ "type": "array", "items": { "type": "string", "enum": keys(choices) }, "uniqueItems": true })
        }
        FieldType::Words => json!({ "type": "array", "items": { "type": "string" } }),
        FieldType::Reals { min, max } => {
            json!({ "type": "array", "items": { "type": "number", "minimum": min, "maximum": max } })
        }
    }
}
