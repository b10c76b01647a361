//! Pictograms of the kinds of sites, as paths in a box from -6 to 6.

use crate::domain::SiteKind;

/// A stroke of a pictogram in a box from -6 to 6; the data is read by `drawn`.
pub enum PictogramPart {
    Fill(&'static str),
    /// Cut out again.
    Hole(&'static str),
    /// Width and course.
    Line(f64, &'static str),
}

use PictogramPart::{Fill, Hole, Line};

/// What stands for a kind of site.
pub const fn pieces(kind: SiteKind) -> &'static [PictogramPart] {
    match kind {
        // A tower crane with its load.
        SiteKind::Construction => &[
            Line(1.5, "M -3 6 V -5.6 M -5.8 -3.2 H 5.8 M -5.2 6 H -0.8"),
            Line(1.0, "M -3 -5.6 L 4.6 -3.2 M 3.6 -3.2 V 1"),
            Fill("M 1.8 1 H 5.4 V 4.2 H 1.8 Z"),
        ],
        // A steaming bowl.
        SiteKind::Restaurant => &[
            Fill("M -6 0.4 H 6 C 6 3.6 3.4 5.8 0 5.8 C -3.4 5.8 -6 3.6 -6 0.4 Z"),
            Line(1.3, "M -2.2 -5.6 C -3.6 -4.2 -0.8 -3.2 -2.2 -1.6"),
            Line(1.3, "M 2.2 -5.6 C 0.8 -4.2 3.6 -3.2 2.2 -1.6"),
        ],
        // A factory hall with a chimney.
        SiteKind::Enterprise => {
            &[Fill("M -6 5.8 V -5.8 H -3.2 V 0 L 0.4 -2.8 V 0 L 3.2 -2.8 V 0 L 6 -2.8 V 5.8 Z")]
        }
        SiteKind::Parking => &[Line(2.1, "M -2.6 5.4 V -5 H 0.6 C 4.8 -5 4.8 1.2 0.6 1.2 H -2.6")],
        // A heap.
        SiteKind::Stockpile => {
            &[Fill("M -6.2 5 C -3.6 4.6 -3 -3.8 0 -3.8 C 3 -3.8 3.6 4.6 6.2 5 Z")]
        }
        // A spanner.
        SiteKind::AutoRepair => &[
            Line(2.3, "M -5 5 L 0.8 -0.8"),
            Line(1.9, "M 2.4 -5.4 C -0.6 -4.8 -1 -1.6 0.4 -0.4 C 1.6 1 4.8 0.6 5.4 -2.4"),
        ],
        // Loose grains on the ground.
        SiteKind::BareGround => &[
            Line(1.5, "M -6 4.8 H 6"),
            Fill("O -4.2 1.4 1.15 O 0 1.4 1.15 O 4.2 1.4 1.15 O -2.1 -2.4 1.15 O 2.1 -2.4 1.15"),
        ],
        // Crossed hammers.
        SiteKind::Mine => &[
            Line(1.5, "M -5 5.4 L 3 -2.6 M 5 5.4 L -3 -2.6"),
            Line(2.6, "M 1.4 -4.8 L 5 -1.2 M -1.4 -4.8 L -5 -1.2"),
        ],
        // A pump with its hose.
        SiteKind::FuelStation => &[
            Fill("M -5.4 5.8 V -5.6 H 1.2 V 5.8 Z"),
            Hole("M -3.9 -4 H -0.3 V -1.2 H -3.9 Z"),
            Line(1.2, "M 1.2 0.4 H 2.8 V 3.2 C 2.8 5 5.3 5 5.3 3.2 V -2 L 3.2 -4.4"),
        ],
        // A kettle on legs with a gauge.
        SiteKind::Boiler => &[
            Line(1.5, "M -4.4 -0.8 C -4.4 -6.4 4.4 -6.4 4.4 -0.8 V 3.6 H -4.4 Z"),
            Line(1.5, "M -3 3.6 V 5.8 M 3 3.6 V 5.8"),
            Fill("O 0 -0.4 1.5"),
        ],
        // A flame.
        SiteKind::Burning => &[Fill(
            "M 0.4 -6.2 C 1 -3.2 4.8 -1.6 4.8 2 C 4.8 4.6 2.6 6 0 6 C -2.6 6 -4.8 4.6 -4.8 2 \
             C -4.8 -0.2 -3.6 -1.4 -2.8 -2.4 C -2.4 -1 -1.6 -0.4 -1 -0.6 C -1.4 -2.6 -0.9 -4.8 0.4 -6.2 Z",
        )],
        // A house with windows.
        SiteKind::Building => &[
            Fill("M -4.4 6 V -6 H 4.4 V 6 Z"),
            Hole("M -2.7 -4.2 H -0.9 V -2.4 H -2.7 Z M 0.9 -4.2 H 2.7 V -2.4 H 0.9 Z"),
            Hole("M -2.7 -0.9 H -0.9 V 0.9 H -2.7 Z M 0.9 -0.9 H 2.7 V 0.9 H 0.9 Z"),
            Hole("M -1 6 V 2.8 H 1 V 6 Z"),
        ],
        // A cross: who is cared for here.
        SiteKind::Sensitive => &[Fill(
            "M -1.9 -5.6 H 1.9 V -1.9 H 5.6 V 1.9 H 1.9 V 5.6 H -1.9 V 1.9 H -5.6 V -1.9 H -1.9 Z",
        )],
        // Two houses with gables.
        SiteKind::Village => &[
            Fill("M -6 5.4 V -0.6 L -2.8 -4 L 0.2 -0.8 V 5.4 Z"),
            Fill("M 1.4 5.4 V 0.6 L 3.8 -2 L 6.2 0.6 V 5.4 Z"),
            Hole("M -3.7 5.4 V 2 H -1.9 V 5.4 Z"),
        ],
        SiteKind::Other => &[Line(1.7, "O 0 0 3.8")],
    }
}
