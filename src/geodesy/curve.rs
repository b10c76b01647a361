//! The Hilbert curve, along which neighbours stand close together. What is put in its order lives
//! elsewhere.

/// The way along a curve of 2^`order` × 2^`order` cells to a cell; `order` is 31 at most, `x` and `y`
/// are below 2^`order`.
pub const fn hilbert(order: u8, x: u32, y: u32) -> u64 {
    let (mut x, mut y) = (x as u64, y as u64);
    let mut way = 0;
    let mut half = (1_u64 << order) / 2;
    while half > 0 {
        let (right, upper) = ((x & half > 0) as u64, (y & half > 0) as u64);
        way += half * half * ((3 * right) ^ upper);
        // Turn the quarter so that the curve in it runs as in the whole.
        if upper == 0 {
            if right == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
        half /= 2;
    }
    way
}
