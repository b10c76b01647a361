//! Papers to sign and to take home.
//!
//! What a paper says is a list of blocks ([`block`]); [`docx`], [`pdf`], [`html`],
//! [`xlsx`] and [`plain`] write any such list.
//! [`notice`] makes the notice of a plan, [`law`] knows what it may rest on; [`result`] tells what a
//! plan does; [`brief`] makes the brief of a week and the minutes of a meeting; [`dispatch`] orders
//! about a high value, and its evidence. No clock in here: the
//! date of a paper comes in.

pub mod block;
pub mod brief;
pub mod dispatch;
pub mod docx;
mod format;
pub mod html;
mod inset;
pub mod law;
pub mod ledger;
pub mod links;
pub mod notice;
pub mod pdf;
pub mod plain;
pub mod result;
pub mod wall;
mod wall_air;
pub mod xlsx;

pub use format::{Error as FormatError, PaperFormat};
