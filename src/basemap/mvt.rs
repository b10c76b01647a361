//! Mapbox vector tiles 2.1, as much as a quiet base map needs: lines and areas with their class.
//! See github.com/mapbox/vector-tile-spec/tree/master/2.1.

use crate::codec::protobuf::{Malformed, WireValue, fields, packed};
use crate::codec::{NoVarint, unzigzag, varint};

/// A layer of a tile.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorLayer {
    pub name: String,
    /// The side of the tile in the units of its coordinates.
    pub extent: u32,
    pub features: Vec<VectorFeature>,
}

/// A point, line or area of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorFeature {
    pub shape: VectorShape,
    /// Right and down from the tile's upper left corner; rings are not closed.
    pub parts: Vec<Vec<(i32, i32)>>,
    /// What kind of thing it is, from the first attribute that says so.
    pub class: String,
}

/// What the parts of a feature are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VectorShape {
    Point,
    Line,
    Polygon,
}

/// The bytes are no vector tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the vector tile is damaged")]
pub struct Damaged;

/// The attributes that hold the kind, by `Protomaps`, `OpenMapTiles` and others.
const CLASS_KEYS: [&str; 5] = ["pmap:kind", "kind", "class", "type", "highway"];

impl From<Malformed> for Damaged {
    fn from(_: Malformed) -> Self {
        Self
    }
}

impl From<NoVarint> for Damaged {
    fn from(_: NoVarint) -> Self {
        Self
    }
}

/// The layers of an unpacked tile.
pub fn decode(tile: &[u8]) -> Result<Vec<VectorLayer>, Damaged> {
    let mut layers = Vec::new();
    for field in fields(tile) {
        if let (3, WireValue::Bytes(bytes)) = field? {
            layers.push(layer(bytes)?);
        }
    }
    Ok(layers)
}

fn layer(bytes: &[u8]) -> Result<VectorLayer, Damaged> {
    let (mut name, mut extent) = (String::new(), 4096);
    let (mut features, mut keys, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for field in fields(bytes) {
        match field? {
            (1, WireValue::Bytes(bytes)) => name = String::from_utf8_lossy(bytes).into_owned(),
            (2, WireValue::Bytes(bytes)) => features.push(bytes),
            (3, WireValue::Bytes(bytes)) => keys.push(bytes),
            (4, WireValue::Bytes(bytes)) => values.push(bytes),
            (5, WireValue::Number(number)) => extent = u32::try_from(number).ok().ok_or(Damaged)?,
            _ => {}
        }
    }
    if extent == 0 {
        return Err(Damaged);
    }
    // Which key numbers stand for the class, best first.
    let class_keys: Vec<usize> = CLASS_KEYS
        .iter()
        .filter_map(|wanted| keys.iter().position(|key| *key == wanted.as_bytes()))
        .collect();
    let features = features
        .into_iter()
        .map(|bytes| feature(bytes, &class_keys, &values))
        .collect::<Result<_, _>>()?;
    Ok(VectorLayer { name, extent, features })
}

fn feature(bytes: &[u8], class_keys: &[usize], values: &[&[u8]]) -> Result<VectorFeature, Damaged> {
    let (mut shape, mut tags, mut commands) = (VectorShape::Point, &[][..], &[][..]);
    for field in fields(bytes) {
        match field? {
            (2, WireValue::Bytes(bytes)) => tags = bytes,
            (3, WireValue::Number(2)) => shape = VectorShape::Line,
            (3, WireValue::Number(3)) => shape = VectorShape::Polygon,
            (4, WireValue::Bytes(bytes)) => commands = bytes,
            _ => {}
        }
    }
    Ok(VectorFeature { shape, parts: parts(commands)?, class: class(tags, class_keys, values)? })
}

fn class(tags: &[u8], class_keys: &[usize], values: &[&[u8]]) -> Result<String, Damaged> {
    let mut tags = packed(tags);
    let mut best: Option<(usize, usize)> = None;
    while let Some(key) = tags.next() {
        let key = usize::try_from(key?).ok().ok_or(Damaged)?;
        let value = usize::try_from(tags.next().ok_or(Damaged)??).ok().ok_or(Damaged)?;
        if let Some(rank) = class_keys.iter().position(|wanted| *wanted == key)
            && best.is_none_or(|(best, _)| rank < best)
        {
            best = Some((rank, value));
        }
    }
    let Some(value) = best.and_then(|(_, value)| values.get(value)) else {
        return Ok(String::new());
    };
    match fields(value).next().transpose()? {
        Some((1, WireValue::Bytes(text))) => Ok(String::from_utf8_lossy(text).into_owned()),
        _ => Ok(String::new()),
    }
}

/// Move to, line to, close: §4.3 of the specification.
fn parts(mut commands: &[u8]) -> Result<Vec<Vec<(i32, i32)>>, Damaged> {
    let mut parts: Vec<Vec<(i32, i32)>> = Vec::new();
    let (mut x, mut y) = (0_i32, 0_i32);
    while !commands.is_empty() {
        let command = varint(&mut commands)?;
        let (verb, count) = (command & 7, command >> 3);
        if verb == 7 {
            continue;
        }
        if !matches!(verb, 1 | 2) || count > commands.len() as u64 {
            return Err(Damaged);
        }
        for _ in 0..count {
            x = x.wrapping_add(step(&mut commands)?);
            y = y.wrapping_add(step(&mut commands)?);
            match parts.last_mut() {
                Some(part) if verb == 2 => part.push((x, y)),
                _ => parts.push(vec![(x, y)]),
            }
        }
    }
    Ok(parts)
}

fn step(commands: &mut &[u8]) -> Result<i32, Damaged> {
    i32::try_from(unzigzag(varint(commands)?)).ok().ok_or(Damaged)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A field with bytes.
    fn bytes(number: u8, content: &[u8]) -> Vec<u8> {
        let mut field = vec![number << 3 | 2, u8::try_from(content.len()).unwrap()];
        field.extend_from_slice(content);
        field
    }

    fn tile_with(commands: &[u8]) -> Vec<u8> {
        let feature = [bytes(2, &[0, 0]), vec![3 << 3, 2], bytes(4, commands)].concat();
        let value = bytes(1, b"highway");
        let layer = [bytes(1, b"roads"), bytes(2, &feature), bytes(3, b"kind"), bytes(4, &value)];
        bytes(3, &layer.concat())
    }

    #[test]
    fn the_line_of_the_specification_is_read() {
        // §4.3.5.4: move to (2,2), line to (2,10) and (10,10).
        let layers = decode(&tile_with(&[9, 4, 4, 18, 0, 16, 16, 0])).unwrap();
        let feature = &layers[0].features[0];
        assert_eq!(
            (&*layers[0].name, layers[0].extent, &*feature.class),
            ("roads", 4096, "highway")
        );
        assert_eq!(feature.shape, VectorShape::Line);
        assert_eq!(feature.parts, [vec![(2, 2), (2, 10), (10, 10)]]);
    }

    #[test]
    fn a_count_beyond_the_bytes_is_refused() {
        assert_eq!(decode(&tile_with(&[0xfa, 0xff, 0xff, 0x7f, 0, 0])), Err(Damaged));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_tile_or_damaged(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let coordinates = decode(&bytes).map_or(0, |layers| {
                layers.iter().flat_map(|l| &l.features).flat_map(|f| &f.parts).map(Vec::len).sum()
            });
            prop_assert!(coordinates <= bytes.len());
        }
    }
}
