//! Positions → lines and areas.

use std::collections::BTreeMap;

use geo::Contains as _;
use geo_types::{Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon};

use super::element::{Position, Way};
use super::places::NodePositions;
use crate::domain::Text;

const OPEN_OUTLINE: Text = Text::new("轮廓没有闭合", "its outline is not closed");
const MISSING_NODES: Text =
    Text::new("文件中缺少部分节点", "some of its nodes are not in the file");
const STRAY_HOLE: Text = Text::new("有内环落在外环之外", "a hole lies outside of it");
const NO_OUTER: Text = Text::new("文件中没有外环", "it has no outer way in the file");
const OPEN_WAYS: Text = Text::new("各段连不成闭合的环", "its ways do not join to rings");

/// The parts of a way whose nodes are in the file; `None` if no two in a row are.
pub fn line(way: &Way<'_>, places: &NodePositions) -> Option<Geometry<f64>> {
    let positions = positions(way, places);
    let mut parts: Vec<LineString<f64>> = positions
        .split(Option::is_none)
        .filter(|part| part.len() >= 2)
        .map(|part| part.iter().flatten().map(|at| at.coord()).collect())
        .collect();
    match parts.len() {
        0 => None,
        1 => parts.pop().map(Geometry::LineString),
        _ => Some(MultiLineString(parts).into()),
    }
}

/// The area of a closed way, or why there is none.
pub fn area(way: &Way<'_>, places: &NodePositions) -> Result<Geometry<f64>, Text> {
    if !is_closed(&way.nodes) {
        return Err(OPEN_OUTLINE);
    }
    let ring: Option<LineString<f64>> =
        positions(way, places).into_iter().map(|at| at.map(Position::coord)).collect();
    let ring = ring.ok_or(MISSING_NODES)?;
    Ok(Polygon::new(ring, Vec::new()).into())
}

/// Whether a way is a ring.
pub fn is_closed(nodes: &[i64]) -> bool {
    nodes.len() >= 4 && nodes.first() == nodes.last()
}

fn positions(way: &Way<'_>, places: &NodePositions) -> Vec<Option<Position>> {
    let own = |index: usize| way.places.get(index).copied().flatten();
    way.nodes.iter().enumerate().map(|(i, node)| places.get(*node).or_else(|| own(i))).collect()
}

/// The area between the outer and inner ways of a multipolygon relation.
pub fn multipolygon(
    outer: &[&[i64]],
    inner: &[&[i64]],
    places: &NodePositions,
) -> Result<Geometry<f64>, Text> {
    let ring = |nodes: Vec<i64>| -> Option<LineString<f64>> {
        nodes.into_iter().map(|node| places.get(node).map(Position::coord)).collect()
    };
    let mut polygons = rings(outer)?
        .into_iter()
        .map(|nodes| Some(Polygon::new(ring(nodes)?, Vec::new())))
        .collect::<Option<Vec<_>>>()
        .ok_or(MISSING_NODES)?;
    for nodes in rings(inner)? {
        let hole = ring(nodes).ok_or(MISSING_NODES)?;
        let around = match polygons.as_mut_slice() {
            [only] => Some(only),
            // A hole may touch the edge of its polygon, so any of its corners may tell.
            several => several
                .iter_mut()
                .find(|polygon| hole.0.iter().any(|at| polygon.contains(&Point(*at)))),
        };
        around.ok_or(STRAY_HOLE)?.interiors_push(hole);
    }
    match polygons.len() {
        0 => Err(NO_OUTER),
        1 => polygons.pop().map(Geometry::Polygon).ok_or(MISSING_NODES),
        _ => Ok(MultiPolygon(polygons).into()),
    }
}

/// Ways joined at their ends until each ring closes.
fn rings(ways: &[&[i64]]) -> Result<Vec<Vec<i64>>, Text> {
    let mut at_end: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (index, way) in ways.iter().enumerate() {
        for end in way.first().into_iter().chain(way.last()) {
            at_end.entry(*end).or_default().push(index);
        }
    }
    let mut is_used = vec![false; ways.len()];
    let mut rings = Vec::new();
    for (index, way) in ways.iter().enumerate() {
        if is_used.get(index) != Some(&false) {
            continue;
        }
        use_up(&mut is_used, index);
        let mut ring = way.to_vec();
        while let (Some(first), Some(&last)) = (ring.first(), ring.last())
            && (first != &last || ring.len() < 2)
        {
            let candidates = at_end.get_mut(&last).ok_or(OPEN_WAYS)?;
            let next = std::iter::from_fn(|| candidates.pop())
                .find(|next| is_used.get(*next) == Some(&false))
                .ok_or(OPEN_WAYS)?;
            use_up(&mut is_used, next);
            extend(&mut ring, ways.get(next).copied().unwrap_or_default());
        }
        if !is_closed(&ring) {
            return Err(OPEN_WAYS);
        }
        rings.push(ring);
    }
    Ok(rings)
}

fn use_up(is_used: &mut [bool], index: usize) {
    if let Some(used) = is_used.get_mut(index) {
        *used = true;
    }
}

/// Appends a way that begins or ends where the ring stops.
fn extend(ring: &mut Vec<i64>, way: &[i64]) {
    if way.first() == ring.last() {
        ring.extend(way.iter().skip(1));
    } else {
        ring.extend(way.iter().rev().skip(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_join_to_rings_whichever_way_they_were_drawn() {
        let joined = rings(&[&[1, 2, 3], &[5, 4, 3], &[5, 1], &[7, 8, 9, 7]]).unwrap();
        assert_eq!(joined, [vec![1, 2, 3, 4, 5, 1], vec![7, 8, 9, 7]]);
        assert!(rings(&[&[1, 2, 3], &[3, 4]]).is_err());
        assert!(rings(&[&[1]]).is_err());
        assert_eq!(rings(&[]).unwrap(), Vec::<Vec<i64>>::new());
    }
}
