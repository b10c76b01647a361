//! What a page is drawn with: lines, areas, markers and text in page units, and the pen that
//! layers draw with. Knows neither records nor pages: which marks there are is said in
//! [`super::layers`], where names and legend stand in [`super::layout`].

mod batches;
mod clip;
mod hatch;
mod markers;
mod pen;
mod primitive;
mod stroke;
mod walk;

pub use batches::Batches;
pub use clip::{areas, cut_line, cut_ring, doubled_outer_area, inner_point, lines};
pub use hatch::hatch;
pub use markers::{ItemLook, Marker, MarkerPath};
pub use pen::{MapPen, detail};
pub use primitive::{HALO_WIDTH, LabelStyle, Primitive, Raster, TextRun, TextStyle};
pub use stroke::Stroke;
pub use walk::{LineStep, joined, steps, straight_stretches, total};
