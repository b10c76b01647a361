//! How readings come into a district: a file as one delivery, and what comes by itself.
//!
//! What a file or a packet says stands in [`crate::exchange::readings`], how it is kept in
//! [`crate::store::readings`]; here is the way from one to the other, which the command line and the
//! window share.

pub mod evidence;
pub mod feed;
pub mod file;
pub mod hj212;
pub mod hours;
pub mod package;
pub mod spool;
pub mod weather;
pub mod web;
