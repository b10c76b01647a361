//! The shape of the Earth: datums, distances, rings, tiles, and geometry as bytes.
//!
//! Everything is WGS-84 longitude/latitude in degrees (`Coord { x: lon, y: lat }`) and metres.
//! Only [`datum`] and [`crs`] know of shifted or projected coordinates.

pub mod angle;
pub mod china;
pub mod coordinates;
pub mod crs;
pub mod curve;
pub mod datum;
pub mod geopackage;
pub mod gnomonic;
pub mod index;
pub mod local;
pub mod mercator;
pub mod plane;
pub mod projection;
pub mod ring;
pub mod shape;
pub mod wkb;
pub mod wkt;
