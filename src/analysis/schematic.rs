//! Where townships lie that have no outline: about there, as far as their points tell (示意).
//!
//! Each point takes what is nearer to it than to any other (Voronoi 1908, "Nouvelles applications des
//! paramètres continus"), and what the points of one township take is its area. That is a guess, so it
//! is kept as [`AreaRole::TownshipSketch`] and bears 示意 in its name: nothing counts by it.

use std::collections::BTreeMap;

use geo::algorithm::bool_ops::unary_union;
use geo::{
    BooleanOps as _, BoundingRect, Contains as _, MapCoords as _, Voronoi as _, VoronoiClip,
    VoronoiParams,
};
use geo_types::{Coord, Geometry, LineString, MultiPoint, MultiPolygon, Point, Polygon, Rect};

use crate::domain::{AreaRole, Change, Ids, Kind, Record, Stamp, Text, Value, World};
use crate::geodesy::index::BoxIndex;
use crate::geodesy::wkb::{Bounds, simplest};

/// Why no township can be sketched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SketchLack {
    /// The district has no outline to stay within.
    Outline,
    /// Fewer than two townships without an outline have points in the district.
    Points,
}

impl SketchLack {
    /// What is missing, and what to do.
    pub const fn words(self) -> Text {
        match self {
            Self::Outline => Text::new(
                "先导入或画出区界：示意范围画在区界以内",
                "Import or draw the outline of the district first: sketches stay within it",
            ),
            Self::Points => Text::new(
                "至少要有两个无边界乡镇的点位：先导入注明乡镇的村庄、点位或污染源",
                "At least two townships without an outline need points: import villages or sites that \
                 name their township",
            ),
        }
    }
}

/// The changes that sketch every township without an outline from the points that name it, within the
/// outline of the district and outside those of other townships; sketches of before go.
///
/// # Errors
/// [`SketchLack`] where there is nothing to make them of.
pub fn sketch_townships(
    world: &World,
    stamp: &Stamp,
    ids: &mut Ids,
) -> Result<Vec<Change>, SketchLack> {
    let areas = || world.table(Kind::Area).iter();
    let outlines = |role: AreaRole| {
        let areas = areas().filter(move |area| role.is_of(area));
        areas.filter_map(|area| Some((area.name(), polygons(area.geometry.as_ref()?)?)))
    };
    let district: Vec<Polygon<f64>> =
        outlines(AreaRole::District).flat_map(|(_, outline)| outline.0).collect();
    let known: Vec<(&str, MultiPolygon<f64>)> = outlines(AreaRole::Township).collect();
    let mut free = unary_union(&district);
    for (_, outline) in &known {
        free = free.difference(outline);
    }
    let bounds = bounds_of(&free).ok_or(SketchLack::Outline)?;

    let is_known = |name: &str| known.iter().any(|(known, _)| *known == name);
    let points = points_of_townships(world, &free, &is_known);
    let names: BTreeMap<&str, Vec<Polygon<f64>>> = cells(&points, bounds);
    if names.len() < 2 {
        return Err(SketchLack::Points);
    }
    let old = areas().filter(|area| AreaRole::TownshipSketch.is_of(area));
    let mut changes: Vec<Change> = old.map(|area| Change::delete(area.clone())).collect();
    for (name, cells) in names {
        let outline = unary_union(&cells).intersection(&free);
        if outline.0.is_empty() {
            continue;
        }
        let mut area = Record::new(ids.next(), Kind::Area, stamp);
        area.set("name", Some(Value::text(&format!("{name}（示意）"))));
        AreaRole::TownshipSketch.put(&mut area);
        area.geometry = Some(simplest(Geometry::MultiPolygon(outline)));
        changes.push(Change::create(area));
    }
    Ok(changes)
}

fn polygons(geometry: &Geometry<f64>) -> Option<MultiPolygon<f64>> {
    match geometry {
        Geometry::Polygon(one) => Some(MultiPolygon(vec![one.clone()])),
        Geometry::MultiPolygon(all) => Some(all.clone()),
        _ => None,
    }
}

fn bounds_of(shape: &impl BoundingRect<f64, Output = Option<Rect<f64>>>) -> Option<Bounds> {
    shape.bounding_rect().map(|rect| Bounds { min: rect.min(), max: rect.max() })
}

/// Points in the free part of the district, each with the township that its record names. Two records
/// at one place are one point, that of the first.
fn points_of_townships<'a>(
    world: &'a World,
    free: &MultiPolygon<f64>,
    is_known: &impl Fn(&str) -> bool,
) -> Vec<(Coord<f64>, &'a str)> {
    let mut places = BTreeMap::new();
    for kind in [Kind::Site, Kind::ControlPoint] {
        for record in world.table(kind).iter() {
            let name = record.text("township").trim();
            let Some(Geometry::Point(Point(at))) = record.geometry.as_ref() else { continue };
            if !name.is_empty() && !is_known(name) && free.contains(&Point(*at)) {
                // To a metre: nearer points make slivers and no other picture.
                let key = ((at.x * 1e5).round().to_bits(), (at.y * 1e5).round().to_bits());
                places.entry(key).or_insert((*at, name));
            }
        }
    }
    places.into_values().collect()
}

/// What each point takes within the bounds, by township. Degrees of longitude are shortened to those of
/// latitude, so that nearer is nearer on the ground.
fn cells<'a>(
    points: &[(Coord<f64>, &'a str)],
    bounds: Bounds,
) -> BTreeMap<&'a str, Vec<Polygon<f64>>> {
    let shortened = f64::midpoint(bounds.min.y, bounds.max.y).to_radians().cos();
    let to_plane = |at: Coord<f64>| Coord { x: at.x * shortened, y: at.y };
    let to_degrees = |at: Coord<f64>| Coord { x: at.x / shortened, y: at.y };
    let plane = MultiPoint(points.iter().map(|(at, _)| Point(to_plane(*at))).collect());
    let (min, max) = (to_plane(bounds.min), to_plane(bounds.max));
    let corners = [min, Coord { x: max.x, y: min.y }, max, Coord { x: min.x, y: max.y }, min];
    let frame = Polygon::new(LineString(corners.to_vec()), Vec::new());
    let params = VoronoiParams::new().clip(VoronoiClip::Polygon(&frame));
    let mut by_name = BTreeMap::<&str, Vec<Polygon<f64>>>::new();
    // Fails only where there are no two points, or all lie on one line: then nothing can be said.
    let Ok(cells) = plane.voronoi_cells_with_params(params) else { return by_name };
    // The order of the cells is not promised: each belongs to the one point in it.
    let things = plane.0.iter().zip(points);
    let things = things.map(|(at, (_, name))| (Bounds { min: at.0, max: at.0 }, (*at, *name)));
    let (index, things) = BoxIndex::new(things.collect());
    for cell in cells {
        let Some(bounds) = bounds_of(&cell) else { continue };
        let mut owner = None;
        index.search(bounds, &mut |place| {
            let thing = things.get(place).filter(|(at, _)| cell.contains(at));
            owner = owner.or(thing.map(|(_, name)| *name));
        });
        if let Some(name) = owner {
            by_name.entry(name).or_default().push(cell.map_coords(to_degrees));
        }
    }
    by_name
}

#[cfg(test)]
mod tests {
    use geo::Area as _;
    use jiff::Timestamp;

    use super::*;

    fn stamp() -> Stamp {
        Stamp { at: Timestamp::UNIX_EPOCH, actor: "张三".into() }
    }

    fn square(west: f64, east: f64) -> Geometry<f64> {
        Rect::new(Coord { x: west, y: 39.7 }, Coord { x: east, y: 39.9 }).to_polygon().into()
    }

    fn area(ids: &mut Ids, role: AreaRole, name: &str, outline: Option<Geometry<f64>>) -> Record {
        let mut area = Record::new(ids.next(), Kind::Area, &stamp());
        area.set("name", Some(Value::text(name)));
        role.put(&mut area);
        area.geometry = outline;
        area
    }

    fn site(ids: &mut Ids, township: &str, x: f64, y: f64) -> Record {
        let mut site = Record::new(ids.next(), Kind::Site, &stamp());
        site.set("township", Some(Value::text(township)));
        site.geometry = Some(Point::new(x, y).into());
        site
    }

    fn sketched(world: &World) -> Result<Vec<Change>, SketchLack> {
        sketch_townships(world, &stamp(), &mut Ids::new(Timestamp::UNIX_EPOCH, 1 << 60))
    }

    fn outline<'a>(changes: &'a [Change], name: &str) -> &'a Geometry<f64> {
        let made = changes.iter().filter_map(|change| change.after.as_ref());
        let area = made.into_iter().find(|area| area.name() == name).unwrap();
        assert!(AreaRole::TownshipSketch.is_of(area), "a guess is no township");
        area.geometry.as_ref().unwrap()
    }

    #[test]
    fn two_townships_part_halfway_between_their_points_and_fill_the_district() {
        let ids = &mut Ids::new(Timestamp::UNIX_EPOCH, 1);
        let district = area(ids, AreaRole::District, "丰润区", Some(square(118.0, 118.2)));
        let names = [("甲镇", 118.05), ("乙镇", 118.15)];
        let sites = names.map(|(name, x)| [39.75, 39.85].map(|y| site(ids, name, x, y)));
        let world: World = sites.into_iter().flatten().chain([district]).collect();

        let changes = sketched(&world).unwrap();
        assert_eq!(changes.len(), 2);
        for (name, west) in [("甲镇（示意）", 118.0), ("乙镇（示意）", 118.1)] {
            let outline = outline(&changes, name);
            let bounds = outline.bounding_rect().unwrap();
            assert!((bounds.min().x - west).abs() < 1e-6, "{name} begins at {}", bounds.min().x);
            assert!((outline.unsigned_area() - 0.02).abs() < 1e-7, "{}", outline.unsigned_area());
        }
    }

    #[test]
    fn what_has_an_outline_keeps_it_and_a_second_sketch_takes_the_place_of_the_first() {
        let ids = &mut Ids::new(Timestamp::UNIX_EPOCH, 1);
        let old = area(ids, AreaRole::TownshipSketch, "甲镇（示意）", Some(square(118.0, 118.1)));
        let old_id = old.id;
        let mut all = vec![
            area(ids, AreaRole::District, "丰润区", Some(square(118.0, 118.3))),
            area(ids, AreaRole::Township, "丙镇", Some(square(118.2, 118.3))),
            area(ids, AreaRole::Township, "甲镇", None),
            old,
        ];
        for (name, x, y) in [
            ("甲镇", 118.05, 39.75),
            ("甲镇", 118.05, 39.85),
            ("乙镇", 118.15, 39.8),
            ("丙镇", 118.25, 39.8),
            ("甲镇", 118.5, 39.8),
        ] {
            all.push(site(ids, name, x, y));
        }
        let world: World = all.into_iter().collect();
        let changes = sketched(&world).unwrap();
        let gone: Vec<_> = changes.iter().filter(|change| change.after.is_none()).collect();
        assert_eq!(gone.len(), 1);
        assert_eq!(gone[0].before.as_ref().unwrap().id, old_id);
        assert_eq!(changes.len(), 3, "the one that has an outline is not sketched");
        for name in ["甲镇（示意）", "乙镇（示意）"] {
            let east = outline(&changes, name).bounding_rect().unwrap().max().x;
            assert!(east < 118.2 + 1e-9, "{name} reaches into a township with an outline");
        }
    }

    #[test]
    fn without_an_outline_of_the_district_or_two_townships_it_says_what_is_missing() {
        let ids = &mut Ids::new(Timestamp::UNIX_EPOCH, 1);
        let bare = area(ids, AreaRole::District, "丰润区", None);
        let sites = [site(ids, "甲镇", 118.1, 39.8), site(ids, "甲镇", 118.15, 39.8)];
        let world: World = sites.clone().into_iter().chain([bare]).collect();
        assert_eq!(sketched(&world), Err(SketchLack::Outline));
        let district = area(ids, AreaRole::District, "丰润区", Some(square(118.0, 118.2)));
        let world: World = sites.into_iter().chain([district]).collect();
        assert_eq!(sketched(&world), Err(SketchLack::Points));
    }
}
