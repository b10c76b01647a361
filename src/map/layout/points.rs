//! Marks at points: which of a crowd show what they are, and which shrink to a dot.

use crate::domain::SiteKind;
use crate::map::SiteStanding;
use crate::map::drawing::{Marker, Primitive};
use crate::map::view::{At, Frame};

/// A site that is to be shown at a place.
#[derive(Clone, Copy, Debug)]
pub struct SitePoint {
    pub at: At,
    pub kind: SiteKind,
    pub standing: SiteStanding,
    /// Its position in the sketch, by which its name is found.
    pub mark: usize,
}

/// Full markers and the sites that became dots.
pub struct Crowd {
    /// Those that show their kind, lowest first.
    pub full: Vec<SitePoint>,
    /// Those that are only dots, lowest first.
    pub dots: Vec<(SiteStanding, At)>,
}

/// Closer than this two markers cannot be told apart, page units.
const NEAR: f64 = 15.0;
/// On a crowded page markers need air between them.
const NEAR_IN_A_CROWD: f64 = 27.0;
/// So many sites on a page of 1920×1080 are a crowd.
const CROWD: f64 = 1500.0;
/// Two dots of one look within this are one dot.
const DOT_CELL: f64 = 3.0;
/// A dot this near to the middle of a marker lies under it wholly.
const UNDER: f64 = 5.4;

/// Whoever fails comes first, then by order; what finds no room becomes a dot.
pub fn crowd(mut sites: Vec<SitePoint>, frame: Frame) -> Crowd {
    sites.sort_by_key(|site| (std::cmp::Reverse(site.standing), site.mark));
    let most = CROWD * frame.width() * frame.height() / (1920.0 * 1080.0);
    let near = if sites.len() as f64 > most { NEAR_IN_A_CROWD } else { NEAR };
    let mut taken = Taken::new(frame, near);
    let (mut full, mut rest) = (Vec::new(), Vec::new());
    for site in sites {
        if taken.is_free(site.at, near) {
            taken.take(site.at);
            full.push(site);
        } else {
            rest.push(site);
        }
    }
    let dots = dots(&rest, &taken, frame);
    full.reverse();
    Crowd { full, dots }
}

impl Crowd {
    /// The sites that are drawn as dots.
    pub fn dot_items(&self) -> impl Iterator<Item = Primitive> {
        self.dots.iter().map(|(standing, at)| placed(Marker::Dot(*standing), *at))
    }

    /// The sites that are drawn with their kind.
    pub fn full_items(&self) -> impl Iterator<Item = Primitive> {
        self.full.iter().map(|site| placed(Marker::Site(site.kind, site.standing), site.at))
    }
}

fn placed(marker: Marker, at: At) -> Primitive {
    Primitive::Marker { marker, at, turn_deg: 0.0 }
}

/// Those that fail are drawn last.
fn dots(sites: &[SitePoint], taken: &Taken, frame: Frame) -> Vec<(SiteStanding, At)> {
    let columns = (frame.width() / DOT_CELL).ceil() as usize + 1;
    let rows = (frame.height() / DOT_CELL).ceil() as usize + 1;
    let mut seen = vec![0_u8; columns * rows];
    let mut dots = Vec::new();
    for site in sites {
        let (x, y) = ((site.at.x - frame.left) / DOT_CELL, (site.at.y - frame.top) / DOT_CELL);
        let bit = 1 << site.standing as u8;
        let Some(cell) = seen.get_mut(y as usize * columns + x as usize) else { continue };
        if *cell & bit != 0 {
            continue;
        }
        *cell |= bit;
        if !taken.covers(site.at) {
            dots.push((site.standing, site.at));
        }
    }
    dots.reverse();
    dots
}

/// Middles of markers in a grid of their least distance: a cell holds two at most.
struct Taken {
    frame: Frame,
    cell: f64,
    columns: usize,
    cells: Vec<[Option<At>; 4]>,
}

impl Taken {
    fn new(frame: Frame, cell: f64) -> Self {
        let columns = (frame.width() / cell).ceil() as usize + 1;
        let rows = (frame.height() / cell).ceil() as usize + 1;
        Self { frame, cell, columns, cells: vec![[None; 4]; columns * rows] }
    }

    fn around(&self, at: At) -> impl Iterator<Item = At> {
        let (x, y) = self.cell_of(at);
        let rows = y.saturating_sub(1)..=y + 1;
        rows.flat_map(move |row| {
            (x.saturating_sub(1)..=x + 1).map(move |column| row * self.columns + column)
        })
        .filter_map(|cell| self.cells.get(cell))
        .flat_map(|cell| cell.iter().flatten().copied())
    }

    fn cell_of(&self, at: At) -> (usize, usize) {
        let index = |length: f64| (length / self.cell).max(0.0) as usize;
        (index(at.x - self.frame.left), index(at.y - self.frame.top))
    }

    fn is_free(&self, at: At, near: f64) -> bool {
        self.around(at).all(|other| {
            let off = other - at;
            off.x * off.x + off.y * off.y >= near * near
        })
    }

    fn covers(&self, at: At) -> bool {
        self.around(at)
            .any(|other| (other.x - at.x).abs() <= UNDER && (other.y - at.y).abs() <= UNDER)
    }

    fn take(&mut self, at: At) {
        let (x, y) = self.cell_of(at);
        let cell = self.cells.get_mut(y * self.columns + x);
        if let Some(place) = cell.and_then(|cell| cell.iter_mut().find(|place| place.is_none())) {
            *place = Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame::new(0.0, 0.0, 300.0, 300.0);

    fn site(x: f64, y: f64, standing: SiteStanding, mark: usize) -> SitePoint {
        SitePoint { at: At { x, y }, kind: SiteKind::Parking, standing, mark }
    }

    #[test]
    fn in_a_crowd_the_failing_site_keeps_its_symbol() {
        let sites = vec![
            site(50.0, 50.0, SiteStanding::Plain, 0),
            site(58.0, 50.0, SiteStanding::Failing, 1),
            site(200.0, 200.0, SiteStanding::Plain, 2),
        ];
        let crowd = crowd(sites, FRAME);
        let mut full: Vec<usize> = crowd.full.iter().map(|site| site.mark).collect();
        full.sort_unstable();
        assert_eq!(full, [1, 2]);
        assert_eq!(crowd.dots.len(), 1);
    }

    #[test]
    fn a_dot_that_nobody_could_see_is_not_drawn() {
        let sites = vec![
            site(50.0, 50.0, SiteStanding::Plain, 0),
            site(52.0, 51.0, SiteStanding::Plain, 1),
        ];
        let crowd = crowd(sites, FRAME);
        assert_eq!((crowd.full.len(), crowd.dots.len()), (1, 0));
    }

    #[test]
    fn a_hundred_thousand_sites_leave_a_page_that_can_be_read() {
        let sites = (0..100_000)
            .map(|i| {
                site(
                    f64::from(i % 997) * 0.3,
                    f64::from(i % 991) * 0.3,
                    SiteStanding::Plain,
                    i as usize,
                )
            })
            .collect();
        let crowd = crowd(sites, FRAME);
        assert!(crowd.full.len() < 200 && crowd.dots.len() < 12_000, "{}", crowd.dots.len());
    }
}
