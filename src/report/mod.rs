//! Papers to sign and to take home.
//!
//! What a paper says is a list of blocks ([`block`]); [`docx`] and [`plain`] write any such list.
//! [`notice`] makes the notice of a plan, [`law`] knows what it may rest on. No clock in here: the
//! date of a paper comes in.

pub mod block;
pub mod docx;
pub mod law;
pub mod notice;
pub mod plain;
