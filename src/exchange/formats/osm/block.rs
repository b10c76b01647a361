//! A block of a PBF file → its elements.

use std::borrow::Cow;

use super::element::{Element, ElementKinds, MAX_PARTS, Member, MemberKind, Position, Tags, Way};
use crate::codec::protobuf::{Malformed, Packed, WireValue, fields, packed};
use crate::exchange::Error;

/// What all elements of a block share.
struct BlockContext<'a> {
    texts: Vec<&'a [u8]>,
    /// Nanodegrees.
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

type Visit<'v> = &'v mut dyn FnMut(Element<'_>) -> Result<(), Error>;

/// The kinds of element in a block, found without reading them.
pub fn holds(block: &[u8]) -> Result<ElementKinds, Malformed> {
    let mut holds = ElementKinds::default();
    for field in fields(block) {
        let (2, group) = field? else { continue };
        for member in fields(group.bytes()?) {
            match member?.0 {
                1 | 2 => holds.nodes = true,
                3 => holds.ways = true,
                4 => holds.relations = true,
                _ => {}
            }
        }
    }
    Ok(holds)
}

impl ElementKinds {
    /// Whether they have a kind in common.
    pub const fn touches(self, other: Self) -> bool {
        self.nodes && other.nodes || self.ways && other.ways || self.relations && other.relations
    }
}

/// Visits every element of a wanted kind in a block.
pub fn each(block: &[u8], wanted: ElementKinds, visit: Visit<'_>) -> Result<(), Error> {
    let shared = BlockContext::of(block)?;
    for field in fields(block) {
        let (2, group) = field? else { continue };
        for member in fields(group.bytes()?) {
            let (number, value) = member?;
            match number {
                1 if wanted.nodes => visit(shared.node(value)?)?,
                2 if wanted.nodes => shared.dense(value, visit)?,
                3 if wanted.ways => visit(shared.way(value)?)?,
                4 if wanted.relations => visit(shared.relation(value)?)?,
                _ => {}
            }
        }
    }
    Ok(())
}

impl<'a> BlockContext<'a> {
    fn of(block: &'a [u8]) -> Result<Self, Malformed> {
        let mut shared = Self { texts: Vec::new(), granularity: 100, lat_offset: 0, lon_offset: 0 };
        for field in fields(block) {
            match field? {
                (1, table) => {
                    for text in fields(table.bytes()?) {
                        let (1, text) = text? else { continue };
                        shared.texts.push(text.bytes()?);
                        if shared.texts.len() > MAX_PARTS {
                            return Err(Malformed::new("a block has more than a million texts"));
                        }
                    }
                }
                (17, value) => shared.granularity = value.number()?.cast_signed(),
                (19, value) => shared.lat_offset = value.number()?.cast_signed(),
                (20, value) => shared.lon_offset = value.number()?.cast_signed(),
                _ => {}
            }
        }
        Ok(shared)
    }

    fn text(&self, index: u64) -> Result<Cow<'a, str>, Malformed> {
        let text = usize::try_from(index).ok().and_then(|index| self.texts.get(index));
        // Names cut in the middle of a character occur; they are not worth the whole file.
        text.map(|text| String::from_utf8_lossy(text))
            .ok_or(Malformed::new("an element points beyond the texts of its block"))
    }

    /// Degrees from the block's own units; saturates, so nonsense is off the Earth and dropped.
    fn place(&self, lon: i64, lat: i64) -> Option<Position> {
        let degrees = |offset: i64, units: i64| {
            let nanodegrees = offset.saturating_add(self.granularity.saturating_mul(units));
            nanodegrees as f64 / 1e9
        };
        Position::from_degrees(degrees(self.lon_offset, lon), degrees(self.lat_offset, lat))
    }

    fn tags(&self, keys: Packed<'_>, values: Packed<'_>) -> Result<Tags<'a>, Malformed> {
        let mut tags = Tags::default();
        for (key, value) in keys.zip(values) {
            tags.0.push((self.text(key?)?, self.text(value?)?));
            limit(tags.0.len())?;
        }
        Ok(tags)
    }

    fn node(&self, node: WireValue<'_>) -> Result<Element<'a>, Malformed> {
        let (mut id, mut lat, mut lon) = (0, 0, 0);
        let (mut keys, mut values) = (Packed::default(), Packed::default());
        for field in fields(node.bytes()?) {
            match field? {
                (1, value) => id = value.signed()?,
                (2, value) => keys = packed(value.bytes()?),
                (3, value) => values = packed(value.bytes()?),
                (8, value) => lat = value.signed()?,
                (9, value) => lon = value.signed()?,
                _ => {}
            }
        }
        Ok(Element::Node { id, at: self.place(lon, lat), tags: self.tags(keys, values)? })
    }

    /// Nodes column by column: all ids, all latitudes, all longitudes, all tags.
    fn dense(&self, nodes: WireValue<'_>, visit: Visit<'_>) -> Result<(), Error> {
        let [mut ids, mut lats, mut lons, mut tags] = std::array::from_fn(|_| Packed::default());
        for field in fields(nodes.bytes()?) {
            let (number, value) = field?;
            let column = match number {
                1 => &mut ids,
                8 => &mut lats,
                9 => &mut lons,
                10 => &mut tags,
                _ => continue,
            };
            *column = packed(value.bytes()?);
        }
        let (mut lats, mut lons) = (lats.deltas(), lons.deltas());
        for id in ids.deltas() {
            let (Some(lat), Some(lon)) = (lats.next(), lons.next()) else {
                return Err(Malformed::new("some nodes have no position").into());
            };
            let at = self.place(lon?, lat?);
            let tags = self.dense_tags(&mut tags)?;
            visit(Element::Node { id: id?, at, tags })?;
        }
        Ok(())
    }

    /// Keys and values in turn up to a zero.
    fn dense_tags(&self, texts: &mut Packed<'_>) -> Result<Tags<'a>, Malformed> {
        let mut tags = Tags::default();
        while let Some(key) = texts.next().transpose()?.filter(|key| *key != 0) {
            let value = texts.next().transpose()?;
            let value = value.ok_or(Malformed::new("a tag has no value"))?;
            tags.0.push((self.text(key)?, self.text(value)?));
            limit(tags.0.len())?;
        }
        Ok(tags)
    }

    fn way(&self, way: WireValue<'_>) -> Result<Element<'a>, Malformed> {
        let mut read = Way::default();
        let [mut keys, mut values, mut nodes, mut lats, mut lons] =
            std::array::from_fn(|_| Packed::default());
        for field in fields(way.bytes()?) {
            match field? {
                (1, value) => read.id = value.number()?.cast_signed(),
                (2, value) => keys = packed(value.bytes()?),
                (3, value) => values = packed(value.bytes()?),
                (8, value) => nodes = packed(value.bytes()?),
                (9, value) => lats = packed(value.bytes()?),
                (10, value) => lons = packed(value.bytes()?),
                _ => {}
            }
        }
        for node in nodes.deltas() {
            read.nodes.push(node?);
            limit(read.nodes.len())?;
        }
        for (lon, lat) in lons.deltas().zip(lats.deltas()).take(read.nodes.len()) {
            read.places.push(self.place(lon?, lat?));
        }
        read.tags = self.tags(keys, values)?;
        Ok(Element::Way(read))
    }

    fn relation(&self, relation: WireValue<'_>) -> Result<Element<'a>, Malformed> {
        let mut id = 0;
        let [mut keys, mut values, mut roles, mut ids, mut kinds] =
            std::array::from_fn(|_| Packed::default());
        for field in fields(relation.bytes()?) {
            match field? {
                (1, value) => id = value.number()?.cast_signed(),
                (2, value) => keys = packed(value.bytes()?),
                (3, value) => values = packed(value.bytes()?),
                (8, value) => roles = packed(value.bytes()?),
                (9, value) => ids = packed(value.bytes()?),
                (10, value) => kinds = packed(value.bytes()?),
                _ => {}
            }
        }
        let mut members = Vec::new();
        for ((role, member), kind) in roles.zip(ids.deltas()).zip(kinds) {
            let (role, id) = (self.text(role?)?, member?);
            let kind = match kind? {
                0 => MemberKind::Node,
                1 => MemberKind::Way,
                _ => continue,
            };
            members.push(Member { kind, id, role });
            limit(members.len())?;
        }
        Ok(Element::Relation { id, members, tags: self.tags(keys, values)? })
    }
}

const fn limit(parts: usize) -> Result<(), Malformed> {
    if parts > MAX_PARTS {
        return Err(Malformed::new("an element has more than a million parts"));
    }
    Ok(())
}
