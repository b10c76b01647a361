//! What a person should know about a file beside its bad rows.

/// What the warnings count.
#[derive(Debug, Default)]
pub struct Counts {
    pub repaired: u64,
    pub swapped: u64,
    pub outside: u64,
    pub far_buildings: u64,
}

impl Counts {
    pub fn warnings(&self) -> Vec<String> {
        let lines = [
            (self.swapped, "rows call the northing X; the easting was put first"),
            (self.repaired, "polygons crossed themselves and were repaired by the even-odd rule"),
            (self.outside, "features outside the district's outline were left out"),
            (
                self.far_buildings,
                "buildings farther than 500 m from any control point were left out",
            ),
        ];
        let lines = lines.into_iter().filter(|(count, _)| *count > 0);
        lines.map(|(count, text)| format!("{count} {text}")).collect()
    }
}
