//! Photos before and after, side by side in one picture.

use crate::exchange::photo;
use crate::report::block::Picture;

/// The longest side of each of the two, pixels.
const SIDE_PX: u32 = 700;
/// Between the two, pixels.
const GAP_PX: u32 = 16;
const WHITE: u8 = 255;

/// Both on white, as high as the higher one; `None` where one of them is no picture.
pub fn side_by_side(before: &Picture, after: &Picture, words: String) -> Option<Picture> {
    let left = photo::look(&before.png, SIDE_PX).ok()?;
    let right = photo::look(&after.png, SIDE_PX).ok()?;
    let width_px = left.width + GAP_PX + right.width;
    let height_px = left.height.max(right.height);
    let mut rgba = vec![WHITE; 4 * width_px as usize * height_px as usize];
    for (shown, from_px) in [(&left, 0), (&right, left.width + GAP_PX)] {
        let row_bytes = 4 * shown.width as usize;
        let rows = rgba.chunks_exact_mut(4 * width_px as usize);
        for (row, source) in rows.zip(shown.rgba.chunks_exact(row_bytes)) {
            let at = 4 * from_px as usize;
            if let Some(place) = row.get_mut(at..at + row_bytes) {
                place.copy_from_slice(source);
            }
        }
    }
    let png = photo::png(rgba, width_px, height_px)?;
    Some(Picture { png, width_px, height_px, words })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_colour(colour: [u8; 4], width_px: u32, height_px: u32) -> Picture {
        let rgba = colour.repeat((width_px * height_px) as usize);
        let png = photo::png(rgba, width_px, height_px).unwrap();
        Picture { png, width_px, height_px, words: String::new() }
    }

    #[test]
    fn the_photo_before_stands_at_the_left_and_the_one_after_at_the_right() {
        let (red, green) = ([255, 0, 0, 255], [0, 255, 0, 255]);
        let pair = side_by_side(&of_colour(red, 40, 30), &of_colour(green, 20, 50), "对".into());
        let pair = pair.unwrap();
        assert_eq!((pair.width_px, pair.height_px), (76, 50));
        let shown = photo::look(&pair.png, 1000).unwrap();
        let pixel = |x: usize, y: usize| {
            let at = 4 * (y * 76 + x);
            <[u8; 4]>::try_from(&shown.rgba[at..at + 4]).unwrap()
        };
        assert_eq!((pixel(5, 5), pixel(70, 45)), (red, green));
        assert_eq!(pixel(5, 45), [255; 4], "what is lower leaves white below it");
    }
}
