//! Where on a page its parts stand: map, legend, board, title, foot.

use super::PageSize;
use crate::map::view::Frame;

/// Where on the page things stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageFrames {
    /// The map itself.
    pub map: Frame,
    /// Beside the map on a wide page, under it on a tall one; of no width where the page is too
    /// small for one.
    pub legend: Frame,
    /// At the left of the map on a wide page, between map and legend on a tall one; of no width on
    /// a map without statistics.
    pub board: Frame,
    pub title: Frame,
    /// One line: datum, date, base map.
    pub foot: Frame,
}

/// Between the parts of a page and its edge, page units.
pub const MARGIN: f64 = 24.0;
const TITLE: f64 = 60.0;
const FOOT: f64 = 34.0;
const LEGEND: f64 = 290.0;
const LEGEND_UNDER: f64 = 330.0;
const BOARD: f64 = 290.0;
const BOARD_UNDER: f64 = 300.0;
const GAP: f64 = 20.0;

impl PageFrames {
    /// Without statistics; without a legend on a page too small for one.
    pub fn of(page: PageSize) -> Self {
        let (width, height) = (page.width, page.height);
        let (right, bottom) = (width - MARGIN, height - FOOT);
        let is_wide = width >= height;
        let has_legend = if is_wide { width >= 760.0 } else { height >= 900.0 && width >= 560.0 };
        let (map_right, map_bottom) = match (has_legend, is_wide) {
            (false, _) => (right, bottom),
            (true, true) => (right - LEGEND - GAP, bottom),
            (true, false) => (right, bottom - LEGEND_UNDER - GAP),
        };
        let top = TITLE;
        let legend = match (has_legend, is_wide) {
            (false, _) => Frame::new(right, top, right, bottom),
            (true, true) => Frame::new(map_right + GAP, top, right, bottom),
            (true, false) => Frame::new(MARGIN, map_bottom + GAP, right, bottom),
        };
        Self {
            map: Frame::new(MARGIN, top, map_right, map_bottom),
            legend,
            board: Frame::new(MARGIN, top, MARGIN, map_bottom),
            title: Frame::new(MARGIN, 0.0, right, TITLE),
            foot: Frame::new(MARGIN, bottom, right, height),
        }
    }

    /// With room for statistics, taken from the map; without any on a page too small for a legend.
    pub fn with_board(page: PageSize) -> Self {
        let mut layout = Self::of(page);
        if layout.legend.width() <= 0.0 {
            return layout;
        }
        let Frame { left, top, right, bottom } = layout.map;
        if page.width >= page.height {
            layout.board = Frame::new(left, top, left + BOARD, bottom);
            layout.map = Frame::new(left + BOARD + GAP, top, right, bottom);
        } else {
            layout.board = Frame::new(left, bottom - BOARD_UNDER, right, bottom);
            layout.map = Frame::new(left, top, right, bottom - BOARD_UNDER - GAP);
        }
        layout
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_1080p_the_map_keeps_most_of_the_width() {
        let layout = PageFrames::of(PageSize::pixels(1920, 1080).unwrap());
        assert!(layout.map.width() > 1920.0 * 0.8);
        assert!(layout.legend.left > layout.map.right);
    }

    #[test]
    fn a_tall_page_has_its_legend_under_the_map() {
        let layout = PageFrames::of(PageSize::pixels(1200, 1700).unwrap());
        assert!(layout.legend.top > layout.map.bottom);
        assert!(layout.map.height() > 1700.0 * 0.6);
    }

    #[test]
    fn on_a_wall_map_nothing_lies_over_anything() {
        for is_tall in [false, true] {
            let page = PageSize::paper(crate::map::PaperSize::A0, is_tall, 30).unwrap();
            let layout = PageFrames::with_board(page);
            let frames = [layout.title, layout.map, layout.board, layout.legend, layout.foot];
            for (place, one) in frames.iter().enumerate() {
                for other in frames.iter().skip(place + 1) {
                    let is_apart = one.right <= other.left
                        || other.right <= one.left
                        || one.bottom <= other.top
                        || other.bottom <= one.top;
                    assert!(is_apart, "{one:?} {other:?}");
                }
            }
            let share = layout.map.width() * layout.map.height() / (page.width * page.height);
            assert!(share > 0.4, "{share}");
        }
    }

    #[test]
    fn a_small_page_is_all_map() {
        let layout = PageFrames::of(PageSize::pixels(400, 300).unwrap());
        assert!(layout.legend.width() == 0.0 && layout.map.width() > 340.0);
    }
}
