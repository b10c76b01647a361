//! Which column of a table fills which field of a kind.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::names::{self, Meanings, Special};
use crate::domain::{Kind, RecordId};
use crate::exchange::Cell;
use crate::geodesy::crs::Crs;

/// The columns of one table, with what their names may mean.
#[derive(Debug, Default)]
pub struct SourceColumns {
    names: Vec<String>,
    meanings: Vec<Meanings>,
    by_name: FxHashMap<String, usize>,
    by_normal_name: FxHashMap<String, usize>,
}

impl SourceColumns {
    /// The position of a column, made if it is new.
    pub fn place(&mut self, name: &str) -> usize {
        if let Some(at) = self.by_name.get(name) {
            return *at;
        }
        let at = self.names.len();
        self.names.push(name.to_owned());
        self.meanings.push(names::meanings(name));
        self.by_name.insert(name.to_owned(), at);
        self.by_normal_name.entry(names::normal(name)).or_insert(at);
        at
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Empty where there is no such column.
    pub fn name(&self, at: usize) -> &str {
        self.names.get(at).map_or("", String::as_str)
    }

    /// Names with what they may mean.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Meanings)> {
        self.names.iter().map(String::as_str).zip(&self.meanings)
    }

    /// As a person writes it in `--map`: exactly, or but for case, width and blanks.
    pub fn position(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        let exactly = self.by_name.get(name).copied();
        exactly.or_else(|| self.by_normal_name.get(&names::normal(name)).copied())
    }

    /// Of this name to the letter.
    pub fn exactly(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// Whether the columns from this one on mean nothing to any layer.
    pub fn are_plain(&self, from: usize, map: &[(String, String)]) -> bool {
        let is_plain = |(name, meanings): (&str, &Meanings)| {
            meanings.fields.is_empty()
                && meanings.special.is_none()
                && !name.ends_with('_')
                && !name.starts_with("column_")
                && !names::is_of_station(name)
        };
        let is_mapped = |column: &str| self.position(column).is_some_and(|at| at >= from);
        self.all().skip(from).all(is_plain) && !map.iter().any(|(_, column)| is_mapped(column))
    }
}

/// How the rows of a table become records of one kind.
#[derive(Clone, Debug, Default)]
pub struct FieldMapping {
    /// Column and field, ascending by field.
    pub fields: Vec<(usize, u8)>,
    /// Columns that are no field: kept as they are.
    pub extras: Vec<usize>,
    /// Columns that a person does not want, and what we wrote beside rejected rows ourselves.
    skipped: Vec<usize>,
    /// Those of them that an export of ours called `lon_`, because it has a `lon` itself.
    underscored: Vec<usize>,
    /// Position of the column with the ids of records; the next ones likewise.
    pub id: Option<usize>,
    pub layer: Option<usize>,
    pub crs: Option<usize>,
    pub wkt: Option<usize>,
    /// Nameless columns right of it, where a sheet goes on with what one cell cannot hold.
    pub wkt_rest: Vec<usize>,
    pub lon: Option<usize>,
    pub lat: Option<usize>,
    pub pair: Option<usize>,
    /// Minutes and seconds beside `lon` and `lat`, where an angle is spread over three columns.
    pub lon_parts: [Option<usize>; 2],
    pub lat_parts: [Option<usize>; 2],
    /// The datum that the names of the coordinate columns state.
    pub stated: Option<Crs>,
    /// Columns about which a person has spoken, so that no guess takes them.
    barred: BTreeSet<usize>,
}

/// Where a column goes: the target of a `--map`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappingTarget {
    Field(u8),
    Special(Special),
    /// Kept beside the fields under its own name.
    Extra,
    Skip,
}

const EXTRA: &str = "extra";
const SKIP: &str = "skip";

impl MappingTarget {
    /// As `--map` calls it.
    pub fn key(self, kind: Kind) -> &'static str {
        match self {
            Self::Field(at) => kind.fields().get(usize::from(at)).map_or(EXTRA, |field| field.key),
            Self::Special(special) => names::key_of(special),
            Self::Extra => EXTRA,
            Self::Skip => SKIP,
        }
    }
}

/// What `--map` calls a field: its key or Chinese label in any layer, a coordinate, `extra` for an
/// attribute that no field holds, `skip` for nothing.
pub fn target(kind: Kind, name: &str) -> Option<MappingTarget> {
    let wanted = names::normal(name);
    let is_called = |field: &&crate::domain::Field| {
        names::normal(field.key) == wanted || names::normal(field.label.zh) == wanted
    };
    let field = kind.fields().iter().position(|field| is_called(&field));
    let other = || match wanted.as_str() {
        EXTRA => Some(MappingTarget::Extra),
        SKIP => Some(MappingTarget::Skip),
        _ => names::special_called(name).map(MappingTarget::Special),
    };
    field.and_then(|at| u8::try_from(at).ok()).map(MappingTarget::Field).or_else(other)
}

impl FieldMapping {
    /// Names that are exactly a field's key beat labels, labels beat other spellings, and of equals
    /// the first column wins. What `map` says goes before all.
    pub fn new(columns: &SourceColumns, kind: Kind, map: &[(String, String)]) -> Self {
        let mut mapping = Self::default();
        let kept = mapping.take_map(columns, kind, map);
        let mut is_taken: Vec<bool> = (0..columns.len())
            .map(|at| kept.contains(&at) || mapping.target(at) != MappingTarget::Extra)
            .collect();
        mapping.barred = kept.iter().chain(&mapping.skipped).copied().collect();
        mapping.take_fields(columns, kind, &mut is_taken);
        mapping.take_specials(columns, &mut is_taken);
        mapping.take_wkt_rest(columns, &mut is_taken);
        mapping.fields.sort_by_key(|(column, field)| (*field, *column));
        let free = is_taken.iter().enumerate().filter(|(_, taken)| !**taken);
        mapping.extras = free.map(|(at, _)| at).chain(kept).collect();
        mapping.extras.sort_unstable();
        let specials = [mapping.layer, mapping.crs, mapping.wkt, mapping.lon, mapping.lat];
        let is_underscored = |at: &usize| {
            let ours = columns.name(*at).strip_suffix('_');
            let stem = ours.map(|name| name.trim_end_matches('_'));
            specials.into_iter().flatten().any(|special| Some(columns.name(special)) == stem)
        };
        mapping.underscored = mapping.extras.iter().copied().filter(is_underscored).collect();
        mapping
    }

    /// What a person said, before any guess. The answer is what stays beside the fields by their
    /// wish; a column that a later pair displaced is free again.
    fn take_map(
        &mut self,
        columns: &SourceColumns,
        kind: Kind,
        map: &[(String, String)],
    ) -> BTreeSet<usize> {
        let ours = columns.all().enumerate().filter(|(_, (name, _))| names::is_of_rejection(name));
        self.skipped = ours.map(|(at, _)| at).collect();
        let mut kept = BTreeSet::new();
        for (field, column) in map {
            let (Some(target), Some(at)) = (target(kind, field), columns.position(column)) else {
                continue;
            };
            match target {
                MappingTarget::Field(field) => {
                    self.fields.retain(|(_, taken)| *taken != field);
                    self.fields.push((at, field));
                }
                MappingTarget::Special(special) => *self.special(special) = Some(at),
                MappingTarget::Extra => drop(kept.insert(at)),
                MappingTarget::Skip => self.skipped.push(at),
            }
        }
        kept
    }

    /// What becomes of a column.
    pub fn target(&self, at: usize) -> MappingTarget {
        if let Some((_, field)) = self.fields.iter().find(|(column, _)| *column == at) {
            return MappingTarget::Field(*field);
        }
        let specials = [
            (self.id, Special::Id),
            (self.layer, Special::Layer),
            (self.crs, Special::Crs),
            (self.wkt, Special::Wkt),
            (self.lon, Special::Lon),
            (self.lat, Special::Lat),
            (self.pair, Special::Pair),
            (self.lon_parts[0], Special::LonMinutes),
            (self.lon_parts[1], Special::LonSeconds),
            (self.lat_parts[0], Special::LatMinutes),
            (self.lat_parts[1], Special::LatSeconds),
        ];
        if let Some((_, special)) = specials.into_iter().find(|(column, _)| *column == Some(at)) {
            return MappingTarget::Special(special);
        }
        if self.wkt_rest.contains(&at) {
            return MappingTarget::Special(Special::Wkt);
        }
        if self.skipped.contains(&at) { MappingTarget::Skip } else { MappingTarget::Extra }
    }

    /// The id that an `id` cell holds, and its column if it does. Other texts are codes.
    pub fn identity(&self, cells: &[Cell<'_>]) -> (Option<RecordId>, Option<usize>) {
        let cell = self.id.and_then(|column| cells.get(column));
        match cell.and_then(|cell| cell.to_text().parse().ok()) {
            Some(id) => (Some(id), self.id),
            None => (None, None),
        }
    }

    /// Whether rows of orders have no column that says when they hold.
    pub fn lacks_hours(&self, kind: Kind) -> bool {
        kind == Kind::Restriction
            && kind
                .index_of("hours")
                .is_some_and(|hours| self.fields.iter().all(|of| of.1 != hours))
    }

    /// What an attribute is called in the record.
    pub fn extra_name<'c>(&self, columns: &'c SourceColumns, at: usize) -> &'c str {
        let name = columns.name(at);
        if self.underscored.contains(&at) { name.strip_suffix('_').unwrap_or(name) } else { name }
    }

    fn take_wkt_rest(&mut self, columns: &SourceColumns, is_taken: &mut [bool]) {
        let Some(wkt) = self.wkt else { return };
        let nameless = |at: &usize| columns.name(*at) == format!("column_{}", at + 1);
        self.wkt_rest = (wkt + 1..columns.len()).take_while(nameless).collect();
        for at in &self.wkt_rest {
            if let Some(taken) = is_taken.get_mut(*at) {
                *taken = true;
            }
        }
    }

    /// For rows that bring a geometry: what their attributes say of coordinates stays with them,
    /// but for the columns that only repeat the geometry of an export of ours.
    pub fn keep_places(&mut self, columns: &SourceColumns) {
        let parts = self.lon_parts.into_iter().chain(self.lat_parts);
        let places = [self.lon, self.lat, self.pair, self.wkt].into_iter().chain(parts).flatten();
        let ours = ["lon", "lat", "wkt"];
        self.extras.extend(places.filter(|at| !ours.contains(&columns.name(*at))));
        self.extras.sort_unstable();
    }

    fn special(&mut self, special: Special) -> &mut Option<usize> {
        match special {
            Special::Id => &mut self.id,
            Special::Layer => &mut self.layer,
            Special::Crs => &mut self.crs,
            Special::Wkt => &mut self.wkt,
            Special::Lon => &mut self.lon,
            Special::Lat => &mut self.lat,
            Special::Pair => &mut self.pair,
            Special::LonMinutes => &mut self.lon_parts[0],
            Special::LonSeconds => &mut self.lon_parts[1],
            Special::LatMinutes => &mut self.lat_parts[0],
            Special::LatSeconds => &mut self.lat_parts[1],
        }
    }

    fn take_fields(&mut self, columns: &SourceColumns, kind: Kind, is_taken: &mut [bool]) {
        let mut wishes = Vec::new();
        for (at, (_, meanings)) in columns.all().enumerate() {
            // `id` names a record first; as a code it serves only where its values are no ids.
            if meanings.special.is_some_and(|(special, _)| special != Special::Id) {
                continue;
            }
            let own = meanings.fields.iter().filter(|candidate| candidate.kind == kind);
            wishes.extend(own.map(|candidate| (candidate.rank, at, candidate.field)));
        }
        wishes.sort_unstable();
        for (_, at, field) in wishes {
            let is_free = is_taken.get(at).is_some_and(|taken| !taken)
                && !self.fields.iter().any(|(_, taken)| *taken == field);
            if is_free {
                self.fields.push((at, field));
                if let Some(taken) = is_taken.get_mut(at) {
                    *taken = true;
                }
            }
        }
    }

    fn take_specials(&mut self, columns: &SourceColumns, is_taken: &mut [bool]) {
        let is_lon = |meanings: &Meanings| {
            meanings.special.is_some_and(|(special, _)| special == Special::Lon)
        };
        let has_lon = self.lon.is_some() || columns.meanings.iter().any(is_lon);
        let mut wishes: Vec<Wish> = columns
            .all()
            .enumerate()
            .filter(|(_, (name, _))| has_lon || !names::is_miswritten_lat(name))
            .filter_map(|(at, (_, meanings))| {
                let (special, rank) = meanings.special?;
                Some(Wish { datum: datum_rank(meanings.crs.as_ref()), rank, at, special })
            })
            .collect();
        let is_place = |wish: &Wish| {
            matches!(wish.special, Special::Lon | Special::Lat | Special::Pair | Special::Wkt)
        };
        if !wishes.iter().any(is_place)
            && let Some(axes) = names::abbreviated(columns.all().map(|(name, _)| name))
        {
            let pair = axes.into_iter().zip([Special::Lon, Special::Lat]);
            let datum = datum_rank(None);
            wishes.extend(pair.map(|(at, special)| Wish { datum, rank: u8::MAX / 2, at, special }));
        }
        wishes.sort_unstable();
        let [lon, lat] = self.axes(columns, &wishes, is_taken);
        let is_other = |wish: &&Wish| match wish.special {
            Special::Lon => lon.is_some_and(|lon| lon != wish.at),
            Special::Lat => lat.is_some_and(|lat| lat != wish.at),
            _ => false,
        };
        for Wish { at, special, .. } in wishes.iter().filter(|wish| !is_other(wish)) {
            let is_free = is_taken.get(*at).is_some_and(|taken| !taken);
            let has_axes = self.lon.is_some() && self.lat.is_some();
            let is_needed = *special != Special::Pair || !has_axes;
            let is_id = *special == Special::Id && !self.barred.contains(at);
            if (is_free || is_id) && is_needed && self.special(*special).is_none() {
                *self.special(*special) = Some(*at);
                if let Some(taken) = is_taken.get_mut(*at) {
                    *taken = true;
                }
            }
        }
        self.take_bare_parts(columns, is_taken);
        let places = [self.lon, self.lat, self.pair];
        let mut crs = places.into_iter().flatten().filter_map(|at| columns.meanings.get(at));
        self.stated = crs.find_map(|meanings| meanings.crs.clone());
    }

    /// Heads that are no more than 度, 分, 秒: behind the column of an axis they are its minutes and
    /// seconds; without any column for a place the first 度 of two is the longitude, and where it is not
    /// the values say so.
    fn take_bare_parts(&mut self, columns: &SourceColumns, is_taken: &mut [bool]) {
        let mut take = |at: usize, part: usize| {
            let is_one = is_taken.get(at) == Some(&false)
                && !self.barred.contains(&at)
                && names::bare_part(columns.name(at)) == Some(part);
            if is_one && let Some(taken) = is_taken.get_mut(at) {
                *taken = true;
            }
            is_one.then_some(at)
        };
        if self.lon.is_none() && self.lat.is_none() && self.pair.is_none() && self.wkt.is_none() {
            let is_degrees = |at: &usize| names::bare_part(columns.name(*at)) == Some(0);
            let degrees: Vec<usize> = (0..columns.len()).filter(is_degrees).collect();
            if let [lon, lat] = degrees[..] {
                (self.lon, self.lat) = (take(lon, 0), take(lat, 0));
            }
        }
        for (axis, parts) in [(self.lon, &mut self.lon_parts), (self.lat, &mut self.lat_parts)] {
            let Some(axis) = axis else { continue };
            for (part, place) in parts.iter_mut().enumerate() {
                *place = place.or_else(|| take(axis + 1 + part, 1 + part));
            }
        }
    }

    /// The columns of longitude and latitude that go together: in one datum, with one word in front,
    /// the plainest names, the first of them. Where there is no pair nothing is said.
    fn axes(
        &self,
        columns: &SourceColumns,
        wishes: &[Wish],
        is_taken: &[bool],
    ) -> [Option<usize>; 2] {
        let of = |axis: Special, own: Option<usize>| {
            wishes.iter().filter(move |wish| match own {
                Some(own) => wish.at == own,
                None => wish.special == axis && is_taken.get(wish.at) == Some(&false),
            })
        };
        let pairs = of(Special::Lon, self.lon)
            .flat_map(|lon| of(Special::Lat, self.lat).map(move |lat| (lon, lat)))
            .filter(|(lon, lat)| lon.datum == lat.datum);
        let best = pairs.min_by_key(|(lon, lat)| {
            let stem = |wish: &Wish| names::place_stem(columns.name(wish.at));
            (lon.datum, stem(lon) != stem(lat), lon.rank + lat.rank, lon.at, lat.at)
        });
        best.map_or([None; 2], |(lon, lat)| [Some(lon.at), Some(lat.at)])
    }
}

/// A column that may be something beside a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wish {
    datum: u8,
    rank: u8,
    at: usize,
    special: Special,
}

/// Of several pairs of coordinates in one sheet, the one that needs no shift is best.
fn datum_rank(crs: Option<&Crs>) -> u8 {
    match crs {
        Some(Crs::Wgs84) => 0,
        Some(Crs::Cgcs2000) => 1,
        None => 2,
        Some(Crs::Gcj02) => 3,
        Some(_) => 4,
    }
}

#[cfg(test)]
pub mod tests;
