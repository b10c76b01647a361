//! Which way a pyramid of tiles counts, where nothing says so: seen from where the tiles would lie.

/// How the numbers of a tile are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOrder {
    /// Column before row, rows from the north: XYZ.
    FromNorth,
    /// Column before row, rows from the south: TMS.
    FromSouth,
    /// Row from the north before column, as caches of `ArcGIS` have it.
    RowFirst,
}

/// What all these tiles, zoom and two numbers each, have in common: only so they lie in China, whose
/// columns are 70 to 90 hundredths of a row of tiles, its rows 30 to 46 from the north or 54 to 70 from
/// the south. `None` where the zoom is too coarse to tell, or where they lie elsewhere.
pub fn order_of(tiles: &[(u8, u32, u32)]) -> Option<RowOrder> {
    const COARSEST: u8 = 6;
    let all = |order: RowOrder| {
        tiles.iter().all(|(zoom, first, second)| {
            let share = |number: u32| f64::from(number) / f64::from(*zoom).exp2();
            let (column, row) = match order {
                RowOrder::FromNorth => (share(*first), share(*second)),
                RowOrder::FromSouth => (share(*first), 1.0 - share(*second)),
                RowOrder::RowFirst => (share(*second), share(*first)),
            };
            *zoom >= COARSEST && (0.70..=0.90).contains(&column) && (0.30..=0.46).contains(&row)
        })
    };
    let orders = [RowOrder::FromNorth, RowOrder::FromSouth, RowOrder::RowFirst];
    orders.into_iter().find(|order| !tiles.is_empty() && all(*order))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_of_fengrun_tell_how_they_are_counted() {
        // Zoom 14 over 118.16, 39.83.
        let (zoom, column, row) = (14, 13_569, 6_212);
        assert_eq!(order_of(&[(zoom, column, row)]), Some(RowOrder::FromNorth));
        assert_eq!(order_of(&[(zoom, column, 16_383 - row)]), Some(RowOrder::FromSouth));
        assert_eq!(order_of(&[(zoom, row, column)]), Some(RowOrder::RowFirst));
        assert_eq!(order_of(&[(3, 6, 3)]), None, "too coarse");
        assert_eq!(order_of(&[(14, 8_500, 5_900)]), None, "Monaco");
        assert_eq!(order_of(&[(zoom, column, row), (zoom, column, 16_383 - row)]), None);
        assert_eq!(order_of(&[]), None);
    }
}
