//! Files in and out.
//!
//! A format turns bytes into rows and rows into bytes and knows nothing of dust and trucks;
//! [`meaning`] turns rows into changes and knows nothing of bytes. Everything streams: no reader
//! holds a file, so two gigabytes of CSV need no more memory than two kilobytes.
//!
//! [`readings`] does so with measurements, which are no records.
//!
//! What both speak stands below them (`cell`, `table`, `result_layer`, `format`, `header`, [`wkt`]); what needs both
//! ([`mod@write`], [`rejected`], [`jsonl`], [`package`], [`counted`]) above. `tests/architecture.rs` keeps the floors apart.

pub mod attachments;
mod cell;
pub mod counted;
mod format;
pub mod formats;
mod header;
pub mod jsonl;
pub mod meaning;
pub mod package;
pub mod photo;
pub mod readings;
pub mod rejected;
mod result_layer;
mod sheet_rows;
mod table;
#[cfg(test)]
mod testing;
pub mod wkt;
pub mod write;

pub use cell::Cell;
pub use format::{Error, ExportChoice, Format, ReadOptions};
pub use result_layer::ResultLayer;
pub use table::{InRow, OutColumn, OutLayer, OutLayers, OutRow, Sink, StatedCrs, Stop};
