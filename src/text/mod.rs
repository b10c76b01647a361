//! Chinese and English for what rooms below say in types: their errors, and how decisions stand.
//!
//! An error below this room is a type with a technical English text for the log. Here it becomes
//! a sentence for a person: what happened, and what to do next; the file comes last.

mod agenda;
pub mod decisions;
mod errors;

pub use agenda::agenda_error;
pub use errors::{basemap_error, basemap_said, file_error, import_error, store_error};

pub use crate::domain::{Lang, Text};
