//! Where the map looks, where it is flying to, and where it was before.

use geo_types::Coord;

use crate::basemap::Datum;
use crate::map::view::{View, wgs84_from_world_px, world_px_from_wgs84};

/// Fengrun, until a district says where it lies (WGS-84 degrees).
const START: View = View { center: Coord { x: 118.1622, y: 39.8326 }, zoom: 12.0 };
const MIN_ZOOM: f64 = 2.0;
/// Nobody comes nearer than this.
pub const MAX_ZOOM: f64 = 20.0;
/// Of a flight between views, seconds.
const FLIGHT_S: f64 = 0.35;
/// Views that can be gone back to.
const MOST_BACK: usize = 50;

/// Which part of the world the map shows, the flight there, and the views before and after.
pub struct Camera {
    pub view: View,
    flight: Option<Flight>,
    back: Vec<View>,
    forward: Vec<View>,
    /// The view before the hand began to move the map, and when it moved last, seconds.
    moving: Option<(View, f64)>,
}

struct Flight {
    from: View,
    to: View,
    /// Seconds of the window's clock; set with the first frame.
    began: Option<f64>,
}

impl Default for Camera {
    fn default() -> Self {
        Self { view: START, flight: None, back: Vec::new(), forward: Vec::new(), moving: None }
    }
}

impl Camera {
    /// Goes there at once, and forgets where it was.
    pub fn reset(&mut self, view: View) {
        *self = Self { view: bounded(view), ..Self::default() };
    }

    /// To another view, which can be gone back from; at once where `is_instant`.
    pub fn fly(&mut self, to: View, is_instant: bool) {
        self.remember();
        self.forward.clear();
        self.go(to, is_instant);
    }

    fn go(&mut self, to: View, is_instant: bool) {
        let to = bounded(to);
        if is_instant {
            self.view = to;
            self.flight = None;
        } else {
            self.flight = Some(Flight { from: self.view, to, began: None });
        }
    }

    fn remember(&mut self) {
        let here = self.moving.take().map_or(self.target(), |(before, _)| before);
        if self.back.last() != Some(&here) {
            self.back.push(here);
        }
        if self.back.len() > MOST_BACK {
            self.back.remove(0);
        }
    }

    /// Where it will be when it has arrived.
    pub fn target(&self) -> View {
        self.flight.as_ref().map_or(self.view, |flight| flight.to)
    }

    /// To the view before this one.
    pub fn back(&mut self, is_instant: bool) {
        let here = self.target();
        if let Some((before, _)) = self.moving.take()
            && before != here
        {
            self.back.push(before);
        }
        if let Some(view) = self.back.pop() {
            self.forward.push(here);
            self.go(view, is_instant);
        }
    }

    /// To the view that was gone back from.
    pub fn forward(&mut self, is_instant: bool) {
        if let Some(view) = self.forward.pop() {
            self.back.push(self.target());
            self.go(view, is_instant);
        }
    }

    /// Whether there is a view before this one.
    pub const fn can_go_back(&self) -> bool {
        !self.back.is_empty() || self.moving.is_some()
    }

    /// Whether there is a view that was gone back from.
    pub const fn can_go_forward(&self) -> bool {
        !self.forward.is_empty()
    }

    /// By hand: no flight, and one step back however many small moves it took.
    pub fn moved(&mut self, to: View, now_s: f64) {
        let to = bounded(to);
        if to == self.view {
            return;
        }
        self.flight = None;
        // Two seconds of rest begin a new step.
        match &mut self.moving {
            Some((_, last)) if now_s - *last < 2.0 => *last = now_s,
            _ => {
                if self.moving.is_some() {
                    self.remember();
                }
                self.moving = Some((self.view, now_s));
                self.forward.clear();
            }
        }
        self.view = to;
    }

    /// One frame of a flight; whether it goes on.
    pub fn advance(&mut self, now_s: f64, datum: Datum) -> bool {
        let Some(flight) = &mut self.flight else { return false };
        let began = *flight.began.get_or_insert(now_s);
        let share = ((now_s - began) / FLIGHT_S).clamp(0.0, 1.0);
        self.view = between(flight.from, flight.to, ease(share), datum);
        if share >= 1.0 {
            self.view = flight.to;
            self.flight = None;
        }
        true
    }

    /// Whether it is under way to another view.
    pub const fn is_flying(&self) -> bool {
        self.flight.is_some()
    }
}

fn bounded(view: View) -> View {
    let center =
        Coord { x: view.center.x.clamp(-180.0, 180.0), y: view.center.y.clamp(-85.0, 85.0) };
    let zoom = if view.zoom.is_finite() { view.zoom.clamp(MIN_ZOOM, MAX_ZOOM) } else { MIN_ZOOM };
    View { center, zoom }
}

fn ease(share: f64) -> f64 {
    share * share * (3.0 - 2.0 * share)
}

/// The middle moves evenly on the screen of the moment, not on the Earth: so what is flown to
/// does not leave the screen while the map is still close.
fn between(from: View, to: View, share: f64, datum: Datum) -> View {
    let zoom = from.zoom + (to.zoom - from.zoom) * share;
    let (a, b) = (world_px_from_wgs84(from.center, datum), world_px_from_wgs84(to.center, datum));
    let span = to.zoom.exp2() - from.zoom.exp2();
    let moved = if span.abs() < 1e-9 {
        share
    } else {
        // The place that stays fixed while the zoom changes lies on the line through both.
        (1.0 - (from.zoom - zoom).exp2()) / (1.0 - (from.zoom - to.zoom).exp2())
    };
    View { center: wgs84_from_world_px(a + (b - a) * moved, datum), zoom }
}

/// The view after zooming with the place at `off` (points from the middle) held fixed.
pub fn zoomed_at(view: View, off: egui::Vec2, by: f64, datum: Datum) -> View {
    let zoom = (view.zoom + by).clamp(MIN_ZOOM, MAX_ZOOM);
    let off = Coord { x: f64::from(off.x), y: f64::from(off.y) };
    let held = world_px_from_wgs84(view.center, datum) + off / view.zoom.exp2();
    View { center: wgs84_from_world_px(held - off / zoom.exp2(), datum), zoom }
}

/// The view after the map was pushed by so many points.
pub fn panned(view: View, by: egui::Vec2, datum: Datum) -> View {
    let by = Coord { x: f64::from(by.x), y: f64::from(by.y) } / view.zoom.exp2();
    View {
        center: wgs84_from_world_px(world_px_from_wgs84(view.center, datum) - by, datum),
        zoom: view.zoom,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn view(lon: f64, lat: f64, zoom: f64) -> View {
        View { center: Coord { x: lon, y: lat }, zoom }
    }

    #[test]
    fn back_and_forward_walk_through_the_views_that_were_asked_for() {
        let mut camera = Camera::default();
        let (one, two) = (view(118.1, 39.8, 13.0), view(118.2, 39.9, 15.0));
        camera.fly(one, true);
        camera.fly(two, true);
        camera.back(true);
        assert_eq!(camera.view, one);
        camera.forward(true);
        assert_eq!(camera.view, two);
        camera.back(true);
        camera.back(true);
        assert_eq!(camera.view, START);
        assert!(!camera.can_go_back());
    }

    #[test]
    fn a_drag_of_many_frames_is_one_step_back() {
        let mut camera = Camera::default();
        for frame in 1..50 {
            let to = panned(camera.view, egui::vec2(5.0, 0.0), Datum::Wgs84);
            camera.moved(to, f64::from(frame) / 60.0);
        }
        camera.back(true);
        assert_eq!(camera.view, START);
    }

    #[test]
    fn a_flight_ends_exactly_where_it_should_and_keeps_its_target_on_the_way() {
        let mut camera = Camera::default();
        let to = view(118.3, 39.9, 15.0);
        camera.fly(to, false);
        assert_eq!(camera.target(), to);
        let mut frames = 0;
        while camera.advance(f64::from(frames) / 60.0, Datum::Gcj02) {
            frames += 1;
        }
        assert_eq!(camera.view, to);
        assert!((20..30).contains(&frames), "{frames}");
    }

    proptest! {
        #[test]
        fn the_place_under_the_wheel_stays_there(
            lon in 118.0..118.4, lat in 39.6..40.0, zoom in 9.0..18.0_f64,
            x in -900.0..900.0_f32, y in -500.0..500.0_f32, by in -2.0..2.0_f64, shifted: bool,
        ) {
            let datum = if shifted { Datum::Gcj02 } else { Datum::Wgs84 };
            let before = view(lon, lat, zoom);
            let after = zoomed_at(before, egui::vec2(x, y), by, datum);
            let off = Coord { x: f64::from(x), y: f64::from(y) };
            let place = |view: View| world_px_from_wgs84(view.center, datum) + off / view.zoom.exp2();
            let moved = (place(after) - place(before)) * after.zoom.exp2();
            prop_assert!(moved.x.abs() < 0.05 && moved.y.abs() < 0.05, "{moved:?}");
        }

        #[test]
        fn pushing_there_and_back_is_no_move(x in -900.0..900.0_f32, y in -500.0..500.0_f32) {
            let there = panned(START, egui::vec2(x, y), Datum::Gcj02);
            let back = panned(there, egui::vec2(-x, -y), Datum::Gcj02);
            prop_assert!((back.center.x - START.center.x).abs() < 1e-7);
            prop_assert!((back.center.y - START.center.y).abs() < 1e-7);
        }
    }
}
