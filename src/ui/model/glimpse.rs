//! What the map needs first of a district that is opened, and whether the rest is still on its way.

use std::collections::BTreeMap;

use super::Model;
use crate::domain::Kind;
use crate::map::layers;
use crate::map::view::{Frame, Projection, View};
use crate::store::GlimpseOf;

/// The largest map that a screen shows, points: before the first frame nobody knows how large it is.
const SCREEN: [f64; 2] = [4400.0, 2600.0];

impl Model {
    /// What the map needs first of a district that is opened at the start. `None` while another one
    /// is on the screen: it stays there until the new one is read.
    pub fn glimpse_of(&self, view: Option<View>) -> Option<GlimpseOf> {
        if self.district.is_some() {
            return None;
        }
        // The control points say where a district opens that was never looked at.
        let mut kinds: BTreeMap<Kind, Option<Vec<&'static str>>> =
            [(Kind::ControlPoint, None)].into();
        for setting in self.layers.iter().filter(|setting| setting.is_shown) {
            let Some(layer) = layers::by_key(&setting.key) else { continue };
            let fields = layer.reads().map(<[&str]>::to_vec);
            let wanted = kinds.entry(layer.kind()).or_insert_with(|| fields.clone());
            if *wanted != fields {
                *wanted = None;
            }
        }
        let extent = view.map(|view| {
            let frame = Frame::new(0.0, 0.0, SCREEN[0], SCREEN[1]);
            Projection::on(crate::basemap::Datum::Wgs84, view, frame).bounds(0.0)
        });
        Some(GlimpseOf { kinds: kinds.into_iter().collect(), extent })
    }

    /// Whether what is shown and counted is not of the whole district yet.
    pub fn is_reading(&self) -> bool {
        match self.district {
            None => self.opening.is_some(),
            Some(_) => self.shown.of().is_none() || self.known.of().is_none(),
        }
    }
}
