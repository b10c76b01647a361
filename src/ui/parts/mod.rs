//! Pieces that several panels show, and their words. They know the model and send actions; no
//! panel, tool or dialog is named here.

pub mod air;
pub mod kpi;
pub mod rings;
pub mod setup;
pub mod since;
pub mod words;
