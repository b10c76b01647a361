//! One GeoJSON object (RFC 7946), a feature or a geometry, read from its text in one pass.

use std::borrow::Cow;
use std::fmt;

use geo_types::{Geometry, GeometryCollection};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use super::coordinates::Coordinates;
use crate::domain::LocalizedText;
use crate::exchange::Cell;

/// The members that mean something; the others are passed over.
#[derive(Debug, Default)]
pub struct Object<'a> {
    pub ty: Option<Cow<'a, str>>,
    pub id: Cell<'a>,
    pub properties: Vec<(Cow<'a, str>, Cell<'a>)>,
    pub crs: Option<Json>,
    /// As the features of ESRI JSON have in place of properties.
    pub has_attributes: bool,
    geometry: Option<Box<Object<'a>>>,
    coordinates: Option<Coordinates>,
    geometries: Vec<Object<'a>>,
}

impl Object<'_> {
    /// Whether it is a `Feature`.
    pub fn is_feature(&self) -> bool {
        self.ty.as_deref() == Some("Feature")
    }

    /// The members of a bare geometry collection, or this geometry alone.
    pub fn members(self) -> Result<Vec<Option<Geometry<f64>>>, LocalizedText> {
        match self.geometry()? {
            Some(Geometry::GeometryCollection(GeometryCollection(members))) => {
                Ok(members.into_iter().map(Some).collect())
            }
            other => Ok(vec![other]),
        }
    }

    /// The geometry of a feature or this geometry itself; `None` where it is null or empty.
    pub fn geometry(self) -> Result<Option<Geometry<f64>>, LocalizedText> {
        if self.is_feature() {
            return self.geometry.map_or(Ok(None), |geometry| geometry.geometry());
        }
        let ty = self.ty.ok_or_else(|| LocalizedText::new("缺少 `type`", "it has no `type`"))?;
        if ty == "GeometryCollection" {
            let members: Vec<Geometry<f64>> = self
                .geometries
                .into_iter()
                .filter_map(|member| member.geometry().transpose())
                .collect::<Result<_, _>>()?;
            let is_empty = members.is_empty();
            let collection = Geometry::GeometryCollection(GeometryCollection(members));
            return Ok((!is_empty).then_some(collection));
        }
        let empty =
            || LocalizedText::new(format!("`{ty}` 没有坐标"), format!("`{ty}` has no coordinates"));
        self.coordinates.ok_or_else(empty)?.geometry(&ty)
    }
}

/// A text that is borrowed where it holds no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// [`Cell`] belongs to all formats, so its JSON reading is wrapped here.
struct JsonCell<'a>(Cell<'a>);

impl<'de> Deserialize<'de> for JsonCell<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor).map(JsonCell)
    }
}

struct CellVisitor;

impl<'de> Visitor<'de> for CellVisitor {
    type Value = Cell<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Empty)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Boolean(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Cell<'de>, E> {
        // No integer of ours holds more, and a real would change the digits.
        Ok(i64::try_from(number).map_or_else(|_| Cell::Json(number.into()), Cell::Integer))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Real(number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, members: A) -> Result<Cell<'de>, A::Error> {
        Json::deserialize(SeqAccessDeserializer::new(members)).map(Cell::Json)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Cell<'de>, A::Error> {
        Json::deserialize(MapAccessDeserializer::new(members)).map(Cell::Json)
    }
}

#[derive(Default)]
struct Properties<'a>(Vec<(Cow<'a, str>, Cell<'a>)>);

impl<'de> Deserialize<'de> for Properties<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PropertiesVisitor;
        impl<'de> Visitor<'de> for PropertiesVisitor {
            type Value = Properties<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of properties")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut properties = Vec::new();
                while let Some((Text(name), JsonCell(cell))) = map.next_entry()? {
                    properties.push((name, cell));
                }
                Ok(Properties(properties))
            }
        }
        deserializer.deserialize_map(PropertiesVisitor)
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;
        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a GeoJSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut object = Object::default();
                while let Some(Text(name)) = map.next_key()? {
                    match &*name {
                        "type" => object.ty = Some(map.next_value::<Text<'_>>()?.0),
                        "id" => object.id = map.next_value::<JsonCell<'_>>()?.0,
                        "geometry" => object.geometry = map.next_value()?,
                        "properties" => {
                            let properties: Option<Properties<'_>> = map.next_value()?;
                            object.properties = properties.unwrap_or_default().0;
                        }
                        "coordinates" => object.coordinates = map.next_value()?,
                        "geometries" => object.geometries = map.next_value()?,
                        "crs" => object.crs = Some(map.next_value()?),
                        name => {
                            object.has_attributes |= name == "attributes";
                            map.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                Ok(object)
            }
        }
        deserializer.deserialize_map(ObjectVisitor)
    }
}
