//! One binary for all tests of the whole: linking once is what most of their time goes into.

mod architecture;
mod doors;
mod edits;
mod seats;
mod support;
mod survival;
