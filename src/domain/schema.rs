use std::fmt;
use std::str::FromStr;

use serde_json::{Value as Json, json};

use super::{Text, kinds};

/// The kinds of record that a district file holds; each is one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    ControlPoint,
    Site,
    Road,
    Congestion,
    Sweeping,
    Restriction,
    Camera,
    Area,
    Gate,
    Flow,
    Plan,
    LegalBasis,
    Meeting,
    Decision,
    Scene,
    PenMark,
    Sprint,
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

/// An allowed value: what is stored, and what a person reads.
#[derive(Debug, PartialEq)]
pub struct Choice {
    pub key: &'static str,
    pub label: Text,
    /// Other spellings that mean the same.
    pub also: &'static [&'static str],
}

impl Kind {
    pub const ALL: [Self; 17] = [
        Self::ControlPoint,
        Self::Site,
        Self::Road,
        Self::Congestion,
        Self::Sweeping,
        Self::Restriction,
        Self::Camera,
        Self::Area,
        Self::Gate,
        Self::Flow,
        Self::Plan,
        Self::LegalBasis,
        Self::Meeting,
        Self::Decision,
        Self::Scene,
        Self::PenMark,
        Self::Sprint,
    ];

    /// The name of the layer in files and of its table in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ControlPoint => "control_point",
            Self::Site => "site",
            Self::Road => "road",
            Self::Congestion => "congestion",
            Self::Sweeping => "sweeping",
            Self::Restriction => "restriction",
            Self::Camera => "camera",
            Self::Area => "area",
            Self::Gate => "gate",
            Self::Flow => "flow",
            Self::Plan => "plan",
            Self::LegalBasis => "legal_basis",
            Self::Meeting => "meeting",
            Self::Decision => "decision",
            Self::Scene => "scene",
            Self::PenMark => "pen_mark",
            Self::Sprint => "sprint",
        }
    }

    pub const fn label(self) -> Text {
        match self {
            Self::ControlPoint => Text::new("控制点", "Control points"),
            Self::Site => Text::new("污染源与点位", "Sites"),
            Self::Road => Text::new("道路", "Roads"),
            Self::Congestion => Text::new("拥堵怠速", "Congestion"),
            Self::Sweeping => Text::new("清扫抑尘", "Sweeping"),
            Self::Restriction => Text::new("管控措施", "Restrictions"),
            Self::Camera => Text::new("抓拍摄像头", "Cameras"),
            Self::Area => Text::new("区域", "Areas"),
            Self::Gate => Text::new("货车关口", "Truck gates"),
            Self::Flow => Text::new("货车流", "Truck flows"),
            Self::Plan => Text::new("管控方案", "Plans"),
            Self::LegalBasis => Text::new("法律依据", "Legal bases"),
            Self::Meeting => Text::new("会商会", "Meetings"),
            Self::Decision => Text::new("会议决定", "Decisions"),
            Self::Scene => Text::new("会商场景", "Scenes"),
            Self::PenMark => Text::new("会商标注", "Pen marks"),
            Self::Sprint => Text::new("攻坚行动", "Sprints"),
        }
    }

    pub const fn shape(self) -> Shape {
        match self {
            Self::ControlPoint | Self::Camera | Self::Gate => Shape::Point,
            Self::Site => Shape::PointOrPolygon,
            Self::Road
            | Self::Congestion
            | Self::Sweeping
            | Self::Flow
            | Self::Plan
            | Self::LegalBasis
            | Self::Meeting
            | Self::Decision
            | Self::Scene
            | Self::Sprint => Shape::Line,
            Self::PenMark => Shape::Any,
            Self::Restriction => Shape::LineOrPolygon,
            Self::Area => Shape::Polygon,
        }
    }

    /// Whether a record of this kind should lie somewhere. A flow is between two places, not in one;
    /// plans, acts, and what belongs to meetings and sprints is nowhere.
    pub const fn has_place(self) -> bool {
        !matches!(
            self,
            Self::Flow
                | Self::Plan
                | Self::LegalBasis
                | Self::Meeting
                | Self::Decision
                | Self::Scene
                | Self::Sprint
        )
    }

    /// All fields, in the order in which tables and files show them.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::ControlPoint => kinds::CONTROL_POINT,
            Self::Site => kinds::SITE,
            Self::Road => kinds::ROAD,
            Self::Congestion => kinds::CONGESTION,
            Self::Sweeping => kinds::SWEEPING,
            Self::Restriction => kinds::RESTRICTION,
            Self::Camera => kinds::CAMERA,
            Self::Area => kinds::AREA,
            Self::Gate => kinds::GATE,
            Self::Flow => kinds::FLOW,
            Self::Plan => kinds::PLAN,
            Self::LegalBasis => kinds::LEGAL_BASIS,
            Self::Meeting => kinds::MEETING,
            Self::Decision => kinds::DECISION,
            Self::Scene => kinds::SCENE,
            Self::PenMark => kinds::PEN_MARK,
            Self::Sprint => kinds::SPRINT,
        }
    }

    pub fn field(self, key: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.key == key)
    }

    /// The position of a field in [`Kind::fields`].
    pub fn index_of(self, key: &str) -> Option<u8> {
        let position = self.fields().iter().position(|field| field.key == key)?;
        u8::try_from(position).ok()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

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
    pub fn is_of(&self, site_kind: Option<&str>) -> bool {
        self.of.is_empty() || site_kind.is_some_and(|kind| self.of.contains(&kind))
    }

    pub const fn choices(&self) -> Option<&'static [Choice]> {
        match self.ty {
            FieldType::Choice(choices) | FieldType::Choices(choices) => Some(choices),
            _ => None,
        }
    }
}

impl Choice {
    pub fn is_called(&self, word: &str) -> bool {
        self.key.eq_ignore_ascii_case(word)
            || self.label.zh == word
            || self.label.en.eq_ignore_ascii_case(word)
            || self.also.contains(&word)
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
