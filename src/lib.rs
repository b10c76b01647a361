//! Shapan (沙盘), a situation-room map for a district fighting air pollution.

pub mod basemap;
pub mod cli;
pub mod domain;
pub mod exchange;
pub mod geodesy;
pub mod map;
