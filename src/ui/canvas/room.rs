//! What the tools and the overview take of the map.

use egui::{Rect, Vec2, vec2};

use crate::ui::theme::TARGET;

pub const OVERVIEW: Vec2 = vec2(168.0, 118.0);

/// In how many columns so many tools stand on a map of this height, points.
pub fn tool_columns(height: f32, count: usize) -> usize {
    let rows = (((height - 32.0) / TARGET) as usize).max(1);
    count.div_ceil(rows).max(1)
}

/// What they cover at its right edge, points.
pub fn tools_width(height: f32, count: usize) -> f32 {
    tool_columns(height, count) as f32 * TARGET + 20.0
}

/// Where on the map the overview stands.
pub fn overview_rect(map: Rect) -> Rect {
    Rect::from_min_size(map.right_bottom() - OVERVIEW - vec2(12.0, 12.0), OVERVIEW)
}
