//! The R-tree of a layer, built at once. Single rows go through SQLite's own `rtree` module.
//!
//! Inserting a million boxes one by one takes longer than everything else in an import. So the
//! boxes are sorted and packed (Sort-Tile-Recursive, Leutenegger 1997) straight into the tables in
//! which `SQLite` keeps an R-tree; `rtreecheck()` finds nothing to complain about.

use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;

use rusqlite::{Connection, params, params_from_iter};

use super::{Error, schema};
use crate::domain::Kind;
use crate::geodesy::wkb::{self, Bounds};

/// One box, its sides rounded outwards to single precision as `SQLite` stores them.
#[derive(Clone, Copy, Debug)]
pub struct RtreeCell {
    /// A row of the layer, or a node of the tree.
    id: i64,
    min: [f32; 2],
    max: [f32; 2],
}

impl RtreeCell {
    /// The box of a row; `bounds` in WGS-84 degrees.
    pub fn new(id: i64, bounds: Bounds) -> Self {
        let down = |value: f64| {
            let rounded = value as f32;
            if f64::from(rounded) > value { rounded.next_down() } else { rounded }
        };
        let up = |value: f64| {
            let rounded = value as f32;
            if f64::from(rounded) < value { rounded.next_up() } else { rounded }
        };
        Self {
            id,
            min: [down(bounds.min.x), down(bounds.min.y)],
            max: [up(bounds.max.x), up(bounds.max.y)],
        }
    }

    fn around(id: i64, members: &[Self]) -> Self {
        let start = Self { id, min: [f32::INFINITY; 2], max: [f32::NEG_INFINITY; 2] };
        members.iter().fold(start, |sum, member| Self {
            id,
            min: [sum.min[0].min(member.min[0]), sum.min[1].min(member.min[1])],
            max: [sum.max[0].max(member.max[0]), sum.max[1].max(member.max[1])],
        })
    }

    fn centre(&self, axis: usize) -> f32 {
        let at = |side: &[f32; 2]| side.get(axis).copied().unwrap_or_default();
        at(&self.min) + at(&self.max)
    }
}

/// Cells a node, and bytes a node: what `SQLite` itself takes for two dimensions.
const CELLS: usize = 51;
const NODE_BYTES: usize = 4 + CELLS * 24;
const ROOT: i64 = 1;

/// Rows of a table that one statement adds: beginning a statement costs more than adding a row.
const ROWS_AT_ONCE: usize = 256;

/// Rows whose boxes are sorted at a time; bounds the memory of an import of any size.
const BATCH: usize = 1 << 20;

/// Boxes in the order of the leaves, and the leaf of each row in the order of the table.
struct Tiled {
    cells: Vec<RtreeCell>,
    rowids: Vec<(i64, i64)>,
}

/// Collects boxes and writes leaves as it goes.
pub struct RtreeBuilder<'a> {
    db: &'a Connection,
    name: String,
    waiting: Vec<RtreeCell>,
    leaves: Vec<RtreeCell>,
    next_node: i64,
    /// What was put in order meanwhile.
    tiling: Option<JoinHandle<Tiled>>,
}

impl<'a> RtreeBuilder<'a> {
    /// Empties the tree of a layer and begins to build it anew.
    pub fn begin(db: &'a Connection, kind: Kind) -> Result<Self, Error> {
        let name = schema::rtree(kind);
        for part in ["node", "rowid", "parent"] {
            db.execute(&format!("DELETE FROM {name}_{part}"), [])?;
        }
        Ok(Self {
            db,
            name,
            waiting: Vec::new(),
            leaves: Vec::new(),
            next_node: ROOT + 1,
            tiling: None,
        })
    }

    /// Takes the box of a row.
    pub fn push(&mut self, cell: RtreeCell) -> Result<(), Error> {
        self.waiting.push(cell);
        if self.waiting.len() >= BATCH { self.write_leaves() } else { Ok(()) }
    }

    /// Puts what waits in order on another thread, while other things are written: no box comes after
    /// it.
    pub fn put_in_order(&mut self) {
        if self.waiting.len() <= CELLS {
            return;
        }
        let first = self.next_node;
        let (cells, inbox) = sync_channel(1);
        let thread = std::thread::Builder::new().name("tree of places".to_owned());
        let work = move || tiled(inbox.recv().unwrap_or_default(), first);
        // Without a thread it is done when it is needed.
        self.tiling = thread.spawn(work).ok();
        if self.tiling.is_some() {
            // It waits for them.
            drop(cells.send(std::mem::take(&mut self.waiting)));
        }
    }

    /// Builds the upper floors and the root.
    pub fn finish(mut self) -> Result<(), Error> {
        let is_waiting = self.tiling.is_none();
        if is_waiting && self.leaves.is_empty() && self.waiting.len() <= CELLS {
            let members = std::mem::take(&mut self.waiting);
            self.write_node(ROOT, 0, &members)?;
            let mut rowids: Vec<_> = members.iter().map(|member| (member.id, ROOT)).collect();
            rowids.sort_unstable();
            return self.write_rowids(&rowids);
        }
        self.write_leaves()?;
        let mut floor = std::mem::take(&mut self.leaves);
        let mut depth = 1;
        while floor.len() > CELLS {
            tile(&mut floor);
            let mut above = Vec::with_capacity(floor.len() / CELLS + 1);
            for members in floor.chunks(CELLS) {
                above.push(self.write_inner(members)?);
            }
            floor = above;
            depth += 1;
        }
        self.write_node(ROOT, depth, &floor)?;
        self.adopt(ROOT, &floor)
    }

    fn write_leaves(&mut self) -> Result<(), Error> {
        let tiling = self.tiling.take().map(JoinHandle::join);
        let Tiled { mut cells, rowids } = match tiling {
            Some(Ok(tiled)) => tiled,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => tiled(std::mem::take(&mut self.waiting), self.next_node),
        };
        for members in cells.chunks(CELLS) {
            let node = self.take_node();
            self.write_node(node, 0, members)?;
            self.leaves.push(RtreeCell::around(node, members));
        }
        self.write_rowids(&rowids)?;
        cells.clear();
        self.waiting = cells;
        Ok(())
    }

    fn write_inner(&mut self, members: &[RtreeCell]) -> Result<RtreeCell, Error> {
        let node = self.take_node();
        self.write_node(node, 0, members)?;
        self.adopt(node, members)?;
        Ok(RtreeCell::around(node, members))
    }

    fn take_node(&mut self) -> i64 {
        self.next_node += 1;
        self.next_node - 1
    }

    /// Only the root says how deep the tree is.
    fn write_node(&self, node: i64, depth: u16, members: &[RtreeCell]) -> Result<(), Error> {
        let mut data = Vec::with_capacity(NODE_BYTES);
        data.extend_from_slice(&depth.to_be_bytes());
        data.extend_from_slice(&u16::try_from(members.len()).unwrap_or(u16::MAX).to_be_bytes());
        for member in members {
            data.extend_from_slice(&member.id.to_be_bytes());
            for axis in 0..2 {
                for side in [&member.min, &member.max] {
                    let value = side.get(axis).copied().unwrap_or_default();
                    data.extend_from_slice(&value.to_be_bytes());
                }
            }
        }
        data.resize(NODE_BYTES, 0);
        self.db
            .prepare_cached(&format!("INSERT INTO {}_node VALUES (?1, ?2)", self.name))?
            .execute(params![node, data])?;
        Ok(())
    }

    /// Sorted, because appending to a table is many times faster than inserting into it.
    fn write_rowids(&self, rowids: &[(i64, i64)]) -> Result<(), Error> {
        for some in rowids.chunks(ROWS_AT_ONCE) {
            let places = vec!["(?, ?)"; some.len()].join(", ");
            let sql = format!("INSERT INTO {}_rowid VALUES {places}", self.name);
            let numbers = some.iter().flat_map(|(rowid, node)| [rowid, node]);
            self.db.prepare_cached(&sql)?.execute(params_from_iter(numbers))?;
        }
        Ok(())
    }

    fn adopt(&self, parent: i64, children: &[RtreeCell]) -> Result<(), Error> {
        let mut insert =
            self.db.prepare_cached(&format!("INSERT INTO {}_parent VALUES (?1, ?2)", self.name))?;
        for child in children {
            insert.execute([child.id, parent])?;
        }
        Ok(())
    }
}

/// Boxes put in order, whose leaves count from this node on.
fn tiled(mut cells: Vec<RtreeCell>, first_node: i64) -> Tiled {
    tile(&mut cells);
    let mut rowids = Vec::with_capacity(cells.len());
    for (members, node) in cells.chunks(CELLS).zip(first_node..) {
        rowids.extend(members.iter().map(|member| (member.id, node)));
    }
    rowids.sort_unstable();
    Tiled { cells, rowids }
}

/// Orders boxes so that every run of [`CELLS`] lies close together: slices by longitude, each
/// sorted by latitude.
fn tile(cells: &mut [RtreeCell]) {
    let nodes = cells.len().div_ceil(CELLS);
    let slices = (nodes as f64).sqrt().ceil().max(1.0) as usize;
    let slice = slices * CELLS;
    cells.sort_unstable_by(|a, b| a.centre(0).total_cmp(&b.centre(0)));
    for slice in cells.chunks_mut(slice) {
        slice.sort_unstable_by(|a, b| a.centre(1).total_cmp(&b.centre(1)));
    }
}

/// Builds the tree of a layer from its rows.
pub fn rebuild(db: &Connection, kind: Kind) -> Result<(), Error> {
    let mut builder = RtreeBuilder::begin(db, kind)?;
    let mut query = db.prepare(&format!("SELECT fid, {} FROM {}", schema::GEOMETRY, kind.key()))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let Ok(blob) = row.get_ref(1)?.as_blob() else { continue };
        let geometry = wkb::from_gpkg(blob).ok().and_then(|(geometry, _)| geometry);
        if let Some(bounds) = geometry.as_ref().and_then(wkb::bounds) {
            builder.push(RtreeCell::new(row.get(0)?, bounds))?;
        }
    }
    builder.finish()
}
